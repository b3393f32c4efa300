import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { ExitCode } from "../../src/errors.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the README's table has every command, and no other", () => {
  const named = [...readme.matchAll(/^\| `lmi (?<name>\w+)[^|]*\|/gm)].map(
    ({ groups }) => groups?.["name"],
  );
  expect(new Set(named)).toEqual(new Set(commands.map(({ name }) => name)));
});

test("the README's table has every exit code, and no other", () => {
  const [, table = ""] = readme.split("| exit code | meaning |");
  const codes = [...table.matchAll(/^\| (?<codes>\d[\d, ]*) \|/gm)].flatMap(({ groups }) =>
    (groups?.["codes"] ?? "").split(", ").map(Number),
  );
  expect(new Set(codes)).toEqual(new Set(Object.values(ExitCode)));
});
