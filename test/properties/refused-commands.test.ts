import { expect, test } from "vitest";
import { oneOfEachFamily } from "../helpers/random-settings/random-faults.ts";
import { refusalsOf } from "./refused-commands.ts";

// One of each family in test/conformance/refused-commands.test.ts.
test("the built command refuses random invalid settings with their paths, before it calls AWS", async () => {
  const some = oneOfEachFamily(7).filter((_, index) => index % 12 === 0);
  expect(await refusalsOf(some)).toEqual([]);
});
