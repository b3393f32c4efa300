import process from "node:process";
import { expect, test } from "vitest";
import { oneOfEachFamily } from "../helpers/random-settings/random-faults.ts";
import { refusalsOf } from "../properties/refused-commands.ts";

/** `LMI_TEST_SEED` tries others. */
const seed = Number(process.env["LMI_TEST_SEED"] ?? 8);

test("the built command refuses each family of faults with its path, before it calls AWS", async () => {
  const all = oneOfEachFamily(seed);
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(await refusalsOf(all)).toEqual([]);
});
