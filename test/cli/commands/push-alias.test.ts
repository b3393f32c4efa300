import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { LocalProject } from "../../deploy/local-project.ts";
import { push } from "./push-options.ts";
import { rollback } from "./rollback-options.ts";

const functions = {
  hello: { entry: "src/handler.ts", aliases: { live: "version", now: "$LATEST.PUBLISHED" } },
  other: { entry: "src/other.ts", aliases: { live: "$LATEST.PUBLISHED" } },
};
let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.create({ functions });
  await project.writeHandler("other", "other");
  await project.deploy();
}, 60_000);
afterAll(() => project.dispose());
afterEach(() => project.target.faults.clear());

test("an alias at a version of its own is said to keep the code before, by push and by rollback", async () => {
  await project.writeHandler("two");
  await project.writeHandler("two", "other");
  const pushed = await push(project);
  expect(pushed.functions.map(({ aliasesBehind }) => aliasesBehind)).toEqual([["live"], []]);
  const warned = pushed.deps.lines.filter((line) => line.startsWith("warn Alias"));
  expect(warned.join("").replaceAll(/\s+/g, " ")).toBe(
    "warn Alias live of hello still calls its own version, with the code before: lmi deploy brings a new one.",
  );
  const back = await rollback(project, { function: "hello" });
  expect(back.results).toMatchObject([{ aliasesBehind: ["live"] }]);
  expect(back.lines.join("").replaceAll(/\s+/g, " ")).toContain(
    "Alias live of hello still calls its own version, with the code before: a rollback does not change it.",
  );
}, 30_000);

test("what did not start is not called what runs, and mended with flags for that function", async () => {
  await project.writeHandler("three", "other");
  const code = "FunctionError.InitResourceExhausted";
  await project.target.faults.add({
    fault: "failed-version",
    code,
    functionName: "other",
    times: 1,
  });
  await expect(push(project, { functions: ["other"] })).rejects.toMatchObject({
    code: "LMI_INIT_RESOURCES",
    next: expect.stringContaining("lmi deploy --local --memory 4096 --function other "),
  });
  const listed = await rollback(project, { function: "other", list: true });
  expect(listed.results).toMatchObject([{ failed: true }]);
  expect(listed.rendered[0]).toMatch(
    /^\* [0-9a-f]{8} {2}did not start: the code before it answers\n/,
  );
  expect(listed.rendered[0]).not.toContain("runs now");
  const back = await rollback(project, { function: "other" });
  expect(back.lines.join(" ").replaceAll(/\s+/g, " ")).toMatch(
    /other: [0-9a-f]{8}, which did not start, → [0-9a-f]{8} \(pushed/,
  );
  expect(await project.invoke("other")).toEqual({ answer: "two" });
}, 30_000);

test("an empty name, as of a variable that a script has not set, is no function", async () => {
  await expect(rollback(project, { function: "", list: true })).rejects.toMatchObject({
    code: "LMI_FUNCTION_NOT_FOUND",
    exitCode: 2,
    message: 'This project has no function "".',
  });
});
