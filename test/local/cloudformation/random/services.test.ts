import { expect, test } from "vitest";
import { counterexample } from "./check-property.ts";
import { play } from "./player.ts";
import { RealSubject } from "./real-subject.ts";
import { realTemplates } from "./real-templates.ts";
import { scenarios } from "./scenario.ts";

test(
  "random stacks of real resource types leave nothing behind and go back to where they were",
  { timeout: 180_000 },
  async () => {
    const check = counterexample(
      scenarios(realTemplates, 40),
      (scenario) => play(new RealSubject(), scenario),
      { numRuns: 12 },
    );
    expect(await check).toBeUndefined();
  },
);
