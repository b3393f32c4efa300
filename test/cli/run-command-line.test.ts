import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { readAnswerFlags, readOutputFlags } from "../../src/cli/output-flags.ts";
import { ownVersion } from "../../src/cli/version.ts";
import { recordingSystem } from "../helpers/recording-system.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

async function lmi(argv: string, overrides: Parameters<typeof recordingSystem>[0] = {}) {
  const system = recordingSystem({ cwd: await temporaryFolder(), ...overrides });
  const code = await main(argv === "" ? [] : argv.split(" "), system);
  return { code, ...system.written };
}

test.each(["--version", "-V", "invoke --version"])("%s prints the version alone", async (argv) => {
  expect(await lmi(argv)).toEqual({ code: 0, stdout: `${ownVersion()}\n`, stderr: "" });
});

test.each(["", "--help", "-h", "help"])("lmi %s: help of a screen on stdout", async (argv) => {
  const { code, stdout, stderr } = await lmi(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.match(/^  lmi /gm)).toHaveLength(3);
  expect(stdout.split("\n").length).toBeLessThanOrEqual(60);
});

test("lmi local alone shows its own commands", async () => {
  const { code, stdout, stderr } = await lmi("local");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const part of ["up", "down", "status", "reset"]) expect(stdout).toContain(part);
});

test("lmi local fault alone shows its own commands", async () => {
  const { code, stdout, stderr } = await lmi("local fault");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("Usage: lmi local fault");
  for (const part of ["add", "list", "remove", "clear"]) expect(stdout).toContain(part);
});

test.each([
  ["local fault lst", "See: lmi local fault --help", "list"],
  ["local fault frobnicate", "See: lmi local fault --help", "The commands are add, list"],
  ["local fault remove", "See: lmi local fault remove --help", "argument 'id'"],
  ["local fault add nonsense", "See: lmi local fault add --help", "failed-resource.\n"],
  ["--region x local upp", "See: lmi local --help", "up"],
])("lmi %s points at the help of its own command", async (argv, next, says) => {
  const { code, stderr } = await lmi(argv);
  expect(code).toBe(2);
  expect(stderr).toContain(next);
  expect(stderr).toContain(says);
});

test("the help of deploy tells the event of --probe, and no other default", async () => {
  const { stdout } = await lmi("deploy --help");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("JSON or a file (default: {}) --no-probe");
});

test("short flags may stand together", () => {
  expect(readAnswerFlags(["deploy", "-qy"])).toEqual({ yes: true, input: true });
  expect(readOutputFlags(["deploy", "-yv"])).toMatchObject({ verbose: true, quiet: false });
  expect(readAnswerFlags(["invoke", "--", "-qy"])).toMatchObject({ yes: false });
});

test.each(["help invoke", "invoke --help"])("lmi %s: help of the command", async (argv) => {
  const { code, stdout } = await lmi(argv);
  expect(code).toBe(0);
  for (const part of ["--payload", "--local", "Examples:"]) expect(stdout).toContain(part);
});

test.each([
  ["deplyo", ["deplyo", "deploy"]],
  ["frobnicate", ["frobnicate", "init, deploy"]],
  ["invoke --payloat x", ["--payloat", "--payload", "lmi invoke --help"]],
  ["invoke a b", ["too many arguments"]],
  ["synth --format xml", ["xml", "json, yaml"]],
  ["logs --since", ["--since"]],
  ["local upp", ["upp", "up"]],
])("lmi %s is wrong usage, said with what was meant", async (argv, says) => {
  const { code, stdout, stderr } = await lmi(argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  for (const text of says) expect(stderr.toLowerCase()).toContain(text.toLowerCase());
  expect(stderr).toContain("LMI_USAGE");
});

test("in JSON mode a failure is one JSON document on stdout", async () => {
  const { code, stdout, stderr } = await lmi("invoke --payloat x --json");
  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ v: 1, type: "error", code: "LMI_USAGE", exitCode: 2 });
});

test("an unexpected error is a bug: it keeps its stack, and is exit 1", async () => {
  const { code, stderr } = await lmi("invoke --payload -", {
    readStdin: () => Promise.reject(new TypeError("broken pipe dream")),
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/LMI_BUG/);
  expect(stderr).toMatch(/TypeError: broken pipe dream\n\s+at /);
});

test("Ctrl-C in a question ends with 130 and says that nothing came of it", async () => {
  const { code, stderr } = await lmi("invoke --payload -", {
    readStdin: () => Promise.reject(Object.assign(new Error("x"), { name: "ExitPromptError" })),
  });
  expect(code).toBe(130);
  expect(stderr).toMatch(/Interrupted\.\n\n.*nothing that it asks about was changed/);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends with %i", async (signal, expected) => {
  const { code, stderr } = await lmi("invoke --payload -", {
    interruptedBy: signal,
    readStdin: () => Promise.reject(new DOMException("aborted", "AbortError")),
  });
  expect({ code, stderr }).toEqual({ code: expected, stderr: "" });
});
