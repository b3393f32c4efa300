import * as fc from "fast-check";
import type { Values } from "./expressions.ts";
import type { Fault } from "./faults.ts";
import type { Scenario, Step } from "./player.ts";

/** Among the first `calls` calls. */
const faults = (calls: number) =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: 1, max: calls }),
        fc.constantFrom<Fault>("fail", "fail late", "kill", "kill late", "stop", "cancel"),
      ),
      { maxLength: 3 },
    )
    .map((pairs) => new Map(pairs));

const noFaults = fc.constant(new Map<number, Fault>());

const values: fc.Arbitrary<Values> = fc.record({
  Choice: fc.constantFrom("a" as const, "b" as const),
  Count: fc.integer({ min: 1, max: 2 }),
});

const step = <Template>(
  templates: fc.Arbitrary<Template>,
  calls: number,
): fc.Arbitrary<Step<Template>> =>
  fc.record({
    template: templates,
    values,
    tag: fc.option(fc.constantFrom("one", "two"), { nil: undefined }),
    via: fc.constantFrom("stack" as const, "change set" as const),
    disableRollback: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
    afterFailure: fc.constantFrom("go on" as const, "roll back" as const),
    skipWhatResists: fc.boolean(),
    faults: fc.oneof(noFaults, faults(calls)),
    seed: fc.integer({ min: 1, max: 2_147_483_646 }),
  });

export const scenarios = <Template>(
  templates: fc.Arbitrary<Template>,
  calls = 14,
): fc.Arbitrary<Scenario<Template>> =>
  fc.record({
    steps: fc.array(step(templates, calls), { minLength: 1, maxLength: 4 }),
    deletion: fc.oneof(noFaults, faults(calls)),
  });
