import type { EventFacts, EventFinding } from "./event-facts.ts";
import { patternFindings } from "./pattern-findings.ts";
import { inputFindings } from "./pushing-facts.ts";
import type { RuleEvent } from "./rule-schema.ts";

export const ruleFacts: EventFacts<RuleEvent> = {
  identity: ({ name, bus, pattern }) => name ?? JSON.stringify([bus, pattern]),
  rules: (event) => [
    ...patternFindings("pattern", event.pattern),
    ...inputFindings(event.input),
    ...bothInputs(event),
  ],
};

function bothInputs({ input, inputPath }: RuleEvent): EventFinding[] {
  if (input === undefined || inputPath === undefined) return [];
  const message = "cannot be together with input";
  return [{ key: "inputPath", value: inputPath, message, code: "event-input-both" }];
}
