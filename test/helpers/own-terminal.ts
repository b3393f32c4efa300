import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { type Machine, repository } from "../e2e/lmi.ts";

export interface Pressed {
  /** Shown before anything is pressed. */
  readonly until: RegExp;
  /** A signal to the process, or the key, which a terminal in raw mode hands on as it is. */
  readonly press: "SIGINT" | "SIGTERM" | "Ctrl-C";
}

/** Runs `lmi` on a terminal of its own, with somebody at it (`script` of util-linux). */
export function onOwnTerminal(
  words: readonly string[],
  { until, press }: Pressed,
  { machine, cwd }: { readonly machine: Machine; readonly cwd: string },
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const lmi = [process.execPath, join(repository, "bin", "lmi.js"), ...words];
  const command = `echo pid=$$; exec ${lmi.map((word) => `'${word}'`).join(" ")}`;
  const script = spawn("script", ["-qec", command, "/dev/null"], {
    cwd,
    env: { ...machine.env, SHELL: "/bin/sh", TERM: "xterm" },
  });
  let screen = "";
  let isPressed = false;
  const look = (text: string) => {
    screen += text;
    if (isPressed || !until.test(screen)) return;
    isPressed = true;
    if (press === "Ctrl-C") script.stdin.write("\u0003");
    else process.kill(Number(/pid=(\d+)/.exec(screen)?.[1]), press);
  };
  script.stdout.setEncoding("utf8").on("data", look);
  return new Promise((done, fail) => {
    script.on("error", fail);
    script.on("close", (code) => done({ code, screen }));
  });
}
