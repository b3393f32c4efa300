import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Machine } from "./lmi.ts";

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.create();
});
afterAll(() => machine.dispose());

test("a target that a command starts takes the rules of the file beside it, until they are cleared", async () => {
  const rules = [{ fault: "access-denied", service: "sts", operation: "GetCallerIdentity" }];
  await writeFile(join(machine.home, "faults.json"), JSON.stringify(rules));
  const env = { LMI_LOCAL_FAULTS: "faults.json" };
  const denied = await machine.lmi(["status", "--local"], { env });
  expect(denied.stderr).toContain("not authorized to perform: sts:GetCallerIdentity");
  expect(denied.stderr).toContain("The local target was told to answer so");
  expect(denied.code).toBe(5);
  const listed = await machine.lmi(["local", "fault", "list", "--json"]);
  expect(JSON.parse(listed.stdout)).toMatchObject({ faults: [{ hits: 1, source: "file" }] });
  const faults = async () => (await machine.lmi(["local", "status"])).stdout;
  expect(await faults()).toMatch(/^Faults +1: lmi local fault list$/m);
  expect((await machine.lmi(["local", "fault", "clear"])).code).toBe(0);
  expect(await faults()).not.toContain("Faults");
  expect((await machine.lmi(["status", "--local"])).stderr).toContain("LMI_STACK_NOT_FOUND");
});
