import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

import { Machine } from "./lmi.ts";

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.create();
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });
});
afterAll(() => machine.dispose());

test("synth prints the same template as JSON and as YAML, with nothing beside it", async () => {
  const cwd = join(machine.home, "hello");
  const [json, yaml] = await Promise.all(
    ["json", "yaml"].map((format) => machine.lmi(["synth", "--format", format], { cwd })),
  );
  expect(json).toMatchObject({ code: 0, stderr: "" });
  expect(yaml).toMatchObject({ code: 0, stderr: "" });
  const template = JSON.parse(json?.stdout ?? "") as { Resources: object };
  expect(Object.keys(template.Resources)).toContain("CapacityProvider");
  expect(parse(yaml?.stdout ?? "")).toEqual(template);
});
