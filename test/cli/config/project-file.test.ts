import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../src/cli/config/load-settings.ts";
import type { LmiError } from "../../../src/errors.ts";
import { projectFolder } from "./project-folder.ts";

async function failure(lmiJson: unknown, request: { configFile?: string } = {}): Promise<LmiError> {
  const cwd = await projectFolder({ "lmi.json": lmiJson });
  return loadSettings({ cwd, env: {}, ...request }).then(
    () => {
      throw new Error("it loaded");
    },
    (error: LmiError) => error,
  );
}

describe("a file that cannot be read as settings", () => {
  it("fails with line, column and the line", async () => {
    const error = await failure('{\n  "name": "x"\n  "region": "us-east-1"\n}');
    expect(error).toMatchObject({
      code: "LMI_CONFIG_SYNTAX",
      exitCode: 2,
      details: { line: 3, column: 3 },
    });
    expect(error.message).toBe("lmi.json:3:3 is not valid JSON: a comma is expected");
    expect(error.why).toBe('  "region": "us-east-1"\n  ^');
  });

  it.each([
    ['{\n "name": "a",\n "name": "b"\n}', "3:2", "name", 2],
    ['{ // with a comment\n "name": "a",\n "name": "b" }', "3:2", "name", 2],
    ['{ "functions": { "f": { "memory": 2048,\n "memory": 4096 } } }', "2:2", "memory", 1],
    ['{ "name": "a", "n\\u0061me": "b" }', "1:16", "name", 1],
  ])("has no key twice: %s", async (text, place, key, line) => {
    const error = await failure(text);
    expect(error).toMatchObject({ code: "LMI_CONFIG_SYNTAX", exitCode: 2 });
    expect(error.message).toBe(
      `lmi.json:${place} has the key "${key}" a second time: the first is in line ${line}`,
    );
  });

  it("may have the same key in different places, and colons in its texts", async () => {
    const text =
      '{ "name": "a", "tags": { "name": "\\"name\\": x", "a": "b: c" }, "functions": { "f": { "environment": { "name": "x" } } } }';
    const cwd = await projectFolder({ "lmi.json": text });
    await expect(loadSettings({ cwd, env: {} })).resolves.toMatchObject({
      settings: { name: "a", tags: { a: "b: c" } },
    });
  });

  it.each(["[]", "null", "3"])("must hold an object, not %s", async (text) => {
    expect(await failure(text)).toMatchObject({ code: "LMI_CONFIG_SYNTAX", exitCode: 2 });
  });

  it("must exist when it is named", async () => {
    const error = await failure({}, { configFile: "nope.json" });
    expect(error).toMatchObject({ code: "LMI_CONFIG_NOT_FOUND", exitCode: 2 });
    expect(error.message).toContain("nope.json");
  });

  it("cannot change what objects are", async () => {
    const error = await failure('{ "functions": { "__proto__": { "polluted": true } } }');
    expect(error).toMatchObject({ code: "LMI_CONFIG_SYNTAX", exitCode: 2 });
    expect(error.message).toBe('lmi.json:1:18 has the key "__proto__", which is lost');
    const other = await failure('{ "capacity": { "constructor": { "polluted": 1 } } }');
    expect(other.why).toMatch(/capacity\.constructor/);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
