import { expect, test } from "vitest";
import { counterexample } from "../local/cloudformation/random/check-property.ts";
import { FakeSubject } from "../local/cloudformation/random/fake-subject.ts";
import { play } from "../local/cloudformation/random/player.ts";
import { RealSubject } from "../local/cloudformation/random/real-subject.ts";
import { realTemplates } from "../local/cloudformation/random/real-templates.ts";
import { scenarios } from "../local/cloudformation/random/scenario.ts";
import { templates } from "../local/cloudformation/random/templates.ts";

// The same properties as in `npm test`, more of them; LMI_TEST_SEED and LMI_TEST_RUNS try others.

test("3,000 random scenarios of made-up types", async () => {
  const check = counterexample(
    scenarios(templates),
    (scenario) => play(new FakeSubject(), scenario),
    { numRuns: 3000, seed: 7 },
  );
  expect(await check).toBeUndefined();
});

test("34 random scenarios of the real types and services", async () => {
  const check = counterexample(
    scenarios(realTemplates, 40),
    (scenario) => play(new RealSubject(), scenario),
    { numRuns: 34 },
  );
  expect(await check).toBeUndefined();
});
