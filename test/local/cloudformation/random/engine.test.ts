import { expect, test } from "vitest";
import { counterexample } from "./check-property.ts";
import { FakeSubject } from "./fake-subject.ts";
import { play } from "./player.ts";
import { scenarios } from "./scenario.ts";
import { templates } from "./templates.ts";

test(
  "random stacks are deployed, changed, interrupted and deleted as CloudFormation does it",
  { timeout: 180_000 },
  async () => {
    const check = counterexample(
      scenarios(templates),
      (scenario) => play(new FakeSubject(), scenario),
      { numRuns: 100 },
    );
    expect(await check).toBeUndefined();
  },
);
