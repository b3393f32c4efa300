import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

import { runExplain } from "../../../src/cli/commands/explain.ts";
import { knownWords, readEntries } from "../../../src/cli/commands/explain/entries.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";

const text = readFileSync(resolve(import.meta.dirname, "../../../docs/troubleshooting.md"), "utf8");
const entries = readEntries(text);

/** What stays of a text when it is laid out. */
const words = (markdown: string) => markdown.replaceAll(/\]\([^)]*\)|[[\]*\s]/g, "");

async function explained(code?: string) {
  const reporter = new RecordingReporter();
  await runExplain(code, { reporter });
  return reporter;
}

test.each([
  ["LMI_CAPACITY_LIMIT", "LMI_CAPACITY_LIMIT"],
  ["lmi_capacity_limit", "LMI_CAPACITY_LIMIT"],
  ["CapacityProviderScalingLimitExceeded", "LMI_CAPACITY_LIMIT"],
  ["FunctionError.InitTimeout", "LMI_INIT_FAILED"],
  ["InitTimeout", "LMI_INIT_FAILED"],
  ["UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED"],
  ["ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"],
  ["ExpiredTokenException", "LMI_CREDENTIALS_EXPIRED"],
  ["LaunchFailed", "LaunchFailed"],
])("%s is explained by the entry %s, in full and in 79 columns", async (word, code) => {
  const reporter = await explained(word);
  const out = reporter.rendered[0] ?? "";
  expect(out.split("\n")[0]).toMatch(new RegExp(`^${code}(?:   exit code .+)?$`));
  expect(out.split("\n").filter((line) => line.length > 79)).toEqual([]);
  const entry = entries.find((each) => each.code === code);
  expect(words(out)).toContain(words(entry?.text ?? "no entry"));
});

test("without a code every entry has a line of 79 columns at most, under its heading", async () => {
  const lines = ((await explained()).rendered[0] ?? "").split("\n");
  for (const { code } of entries)
    expect(lines.some((line) => line.startsWith(`  ${code} `))).toBe(true);
  expect(lines.filter((line) => line.length > 79)).toEqual([]);
  expect(lines).toContain("States of a stack");
});

test.each([
  ["LMI_CAPACTY_LIMIT", "LMI_CAPACITY_LIMIT"],
  ["CAPACITY_LIMIT", "LMI_CAPACITY_LIMIT"],
  ["ROLBACK_COMPLETE", "ROLLBACK_COMPLETE"],
  ["VcpuLimitExeeded", "VcpuLimitExceeded"],
])("%s is unknown and much like %s", async (word, meant) => {
  await expect(explained(word)).rejects.toMatchObject({
    code: "LMI_USAGE",
    exitCode: 2,
    why: expect.stringContaining(`Did you mean ${meant}`),
  });
});

test("a word like nothing at all gets no suggestion", async () => {
  await expect(explained("zzzzzzzzzzzz")).rejects.toMatchObject({
    exitCode: 2,
    why: expect.not.stringContaining("Did you mean"),
  });
});

test("no word stands for two entries", () => {
  const known = knownWords(entries).map((word) => word.toLowerCase());
  expect(known.filter((word, index) => known.indexOf(word) !== index)).toEqual([]);
});

test("the package has the text that the command reads", () => {
  const manifest = readFileSync(resolve(import.meta.dirname, "../../../package.json"), "utf8");
  expect((JSON.parse(manifest) as { files: string[] }).files).toContain("docs/troubleshooting.md");
});
