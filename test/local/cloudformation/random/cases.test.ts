import { expect, test } from "vitest";
import type { Fault } from "./faults.ts";
import { play } from "./player.ts";
import type { Step } from "./player.ts";
import { RealSubject } from "./real-subject.ts";
import type { RealTemplate } from "./real-templates.ts";

// What longer runs than those of the tests have found, in the smallest form that they had.

const one = (...numbers: number[]) => ({ numbers, condition: undefined, retained: false });

function step(
  template: RealTemplate,
  faults: readonly (readonly [number, Fault])[] = [],
  seed = 1,
): Step<RealTemplate> {
  return {
    template,
    values: { Choice: "a", Count: 1 },
    tag: undefined,
    via: "stack",
    disableRollback: false,
    afterFailure: "go on",
    skipWhatResists: false,
    faults: new Map(faults),
    seed,
  };
}

const gateway = { Gateway: one(0), Role: one(0), Key: one(0), Repository: one(0) };

test.each([
  [
    "a version of a function that has not changed is refused, and the one there is stays",
    step({ Role: one(5, 0), Function: one(3, 0, 2), Version: one(0) }),
    step({ Role: one(2, 0), Function: one(3, 0, 2), Version: one(3, 0) }),
  ],
  [
    "a creation that was cut off is looked for again when looking fails",
    step({ Vpc: one(0), Role: one(0), Repository: one(0) }),
    step(
      { Vpc: one(0), Gateway: one(0), Role: one(0), Logs: one(0), Bucket: one(0), Key: one(0) },
      [
        [1, "cancel"],
        [2, "kill"],
        [7, "fail"],
      ],
      446_604_727,
    ),
  ],
  [
    "a creation that was cut off has failed, also when the rollback fails",
    step(gateway),
    {
      ...step(
        { Vpc: one(0), ...gateway },
        [
          [1, "cancel"],
          [2, "kill"],
          [4, "fail"],
        ],
        120_688_308,
      ),
      tag: "one",
    },
  ],
])("%s", async (_, ...steps) => {
  await expect(play(new RealSubject(), { steps, deletion: new Map() })).resolves.toBeUndefined();
});
