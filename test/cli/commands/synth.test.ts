import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { parse } from "yaml";

import { runSynth } from "../../../src/cli/commands/synth.ts";
import type { SynthOptions } from "../../../src/cli/commands/synth.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";

afterEach(() => vi.unstubAllEnvs());

const options: SynthOptions = {
  ...sharedDefaults(),
  settings: {},
  format: "json",
  output: undefined,
  showOrigin: false,
};

const project = {
  "lmi.json": JSON.stringify({
    name: "hello",
    functions: { fn: { entry: "handler.ts", environment: { SECRET: "hunter2" } } },
  }),
  "handler.ts": "export const handler = async () => 1;",
};

async function synth(given: Partial<SynthOptions>, files: Record<string, string> = project) {
  const cwd = await temporaryFolder(files);
  const reporter = new RecordingReporter();
  const error = await runSynth(
    { ...options, ...given },
    { system: recordingSystem({ cwd }), reporter },
  ).catch((thrown: unknown) => thrown);
  return { cwd, reporter, error, text: reporter.rendered.join("") };
}

test("the template, as JSON and as YAML, is the same", async () => {
  const json = await synth({});
  const yaml = await synth({ format: "yaml" });
  expect(json.error).toBeUndefined();
  const template = JSON.parse(json.text) as { Resources: object; Outputs: object };
  expect(Object.keys(template.Outputs)).toContain("FunctionName");
  expect(parse(yaml.text)).toEqual(template);
});

test("interrupted, it says so, prints nothing and leaves no folder", async () => {
  const cwd = await temporaryFolder(project);
  vi.stubEnv("TMPDIR", cwd);
  const reporter = new RecordingReporter();
  const recorded = recordingSystem({ cwd });
  const interrupted = { interrupt: AbortSignal.abort(), interruptedBy: "SIGINT" } as const;
  const system = { ...recorded, ...interrupted };
  await expect(runSynth(options, { system, reporter })).rejects.toMatchObject({
    code: "LMI_INTERRUPTED",
    exitCode: 130,
  });
  expect(reporter.results).toEqual([]);
  expect((await readdir(cwd)).filter((name) => name.startsWith("lmi-synth"))).toEqual([]);
});

test("--output writes an assembly with the code, again too, but not between other files", async () => {
  const { cwd, error, text } = await synth({ output: "out" });
  expect({ error, text }).toEqual({ error: undefined, text: join(cwd, "out") });
  const files = await readdir(join(cwd, "out"));
  expect(files).toEqual(expect.arrayContaining(["manifest.json", expect.stringMatching(/\.zip$/)]));
  const inTheWay = await synth({ output: "." });
  expect(inTheWay.error).toMatchObject({ code: "LMI_FILES_IN_THE_WAY", exitCode: 2 });
});

test("--show-origin tells where each setting came from, without environment values", async () => {
  const { reporter, text } = await synth({ showOrigin: true, settings: { maxVcpu: "40" } });
  expect(reporter.results).toMatchObject([
    {
      "capacity.maxVCpu": { value: 40, origin: "--max-vcpu" },
      name: { value: "hello", origin: "lmi.json" },
      "network.azs": { value: 1, origin: "default" },
    },
  ]);
  expect(text).toMatch(/capacity\.maxVCpu +40 +--max-vcpu/);
  expect(text + JSON.stringify(reporter.results)).not.toContain("hunter2");
});

test("--json and --format yaml exclude each other", async () => {
  const { error } = await synth({ json: true, format: "yaml" });
  expect(error).toMatchObject({ code: "LMI_USAGE", exitCode: 2 });
});

test("a handler that is not there is said, and nothing is printed", async () => {
  const { error, text } = await synth({}, { "lmi.json": project["lmi.json"] });
  expect(error).toMatchObject({ code: "LMI_ENTRY_NOT_FOUND", exitCode: 2 });
  expect(text).toBe("");
});
