import { expect, test } from "vitest";

import { buildProgram } from "../../src/cli/program.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";
import { recordingSystem } from "../helpers/recording-system.ts";
import type { Command } from "commander";

const no = () => Promise.reject(new Error("help asks nobody"));

test("the help of every command fits into 80 columns", async () => {
  let written = "";
  const system = recordingSystem({ writeStdout: (text) => void (written += String(text)) });
  const deps = {
    system,
    reporter: new RecordingReporter(),
    prompter: { text: no, number: no, select: no, confirm: no },
    aws: no,
  };
  const program = await buildProgram(deps, "all");
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
  const wide = all(program).flatMap((command) => {
    written = "";
    command.outputHelp();
    expect(written).toContain("Usage: lmi");
    return written.split("\n").filter((line) => line.length > 80);
  });
  expect(wide).toEqual([]);
});
