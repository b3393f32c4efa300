import type { RuleIssue } from "../rule-issue.ts";
import type { Settings } from "../settings.ts";
import { factsOf } from "./event-facts.ts";
import type { EventSettings } from "./event-schema.ts";
import { limits, type SourceName } from "./source-names.ts";

interface Placed extends SourceName {
  readonly path: readonly string[];
}

/** Final names of queues, topics and buckets, over all functions: AWS takes each once, and not every one. */
export function sourceNameRules({ functions, environment }: Settings): RuleIssue[] {
  const names = Object.entries(functions).flatMap(([key, own]) =>
    own.events.flatMap((event: EventSettings, index) =>
      placedNames(event, environment, ["functions", key, "events", String(index)]),
    ),
  );
  return [
    ...names.flatMap((named) => formIssue(named, environment)),
    ...names.flatMap((named, index) => takenIssue(named, names.slice(0, index))),
  ];
}

const placedNames = (
  event: EventSettings,
  environment: string | undefined,
  path: readonly string[],
): Placed[] =>
  (factsOf(event).names?.(event, environment) ?? []).map((named) => ({
    ...named,
    path: [...path, named.key],
  }));

function formIssue({ kind, name, path }: Placed, environment: string | undefined): RuleIssue[] {
  const { longest, pattern, letters } = limits[kind];
  if (name.length <= longest && pattern.test(name)) return [];
  const rule =
    name.length > longest
      ? `must be at most ${longest} characters, and is ${name.length}`
      : `must be ${letters}`;
  const whole = environment === undefined ? "" : " with the name of the environment";
  return [
    {
      path,
      value: name,
      message: `makes a ${kind} whose name ${rule}${whole}`,
      code: "event-source-name",
      severity: "error",
    },
  ];
}

function takenIssue(own: Placed, before: readonly Placed[]): RuleIssue[] {
  const other = before.find((each) => serviceOf(each) === serviceOf(own) && each.name === own.name);
  if (!other || isSameSource(own, other)) return [];
  return [
    {
      path: own.path,
      value: own.name,
      message: `makes a ${own.kind} of the same name as the ${other.kind} of ${other.path.join(".")}`,
      code: "event-source-name-taken",
      severity: "error",
      involves: [other.path],
    },
  ];
}

const serviceOf = ({ kind }: Placed) => limits[kind].service;

/** The same setting twice within one function is told as the same source (event-duplicate). */
const isSameSource = (own: Placed, other: Placed) =>
  own.path[1] === other.path[1] && own.kind === other.kind;
