import type { CfnElement as CfnElementType, Stack } from "aws-cdk-lib/core";
import { CfnElement, CfnOutput, CfnResource, Construct } from "./cdk.ts";
import { nearest } from "./nearest.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { RawResource, Settings } from "./settings.ts";
import { elementsOf, idOf, resourcesOf } from "./stack-elements.ts";

/** CDK adds it to every stack, but only when it writes the template. */
const reserved = "BootstrapVersion";

/**
 * Adds what `resources`, `outputs`, `conditions` and `parameters` say to a stack that has lmi's own.
 * @returns what clashes with it, or waits for nothing
 */
export function addExtraParts(stack: Stack, settings: Settings): RuleIssue[] {
  const taken = takenNames(stack, settings);
  const issues: RuleIssue[] = [];
  const free = <T>(section: keyof typeof taken, all: Readonly<Record<string, T>>): [string, T][] =>
    Object.entries(all).filter(([id]) => {
      if (taken[section].has(id)) issues.push(clash(section, id));
      return !taken[section].has(id);
    });

  const resources = free("resources", settings.resources);
  for (const [id, { Type, Properties, DependsOn: _later, ...attributes }] of resources) {
    const resource = new CfnResource(stack, id, {
      type: Type,
      ...(Properties ? { properties: Properties } : {}),
    });
    for (const [attribute, value] of Object.entries(attributes))
      resource.addOverride(attribute, value);
  }
  issues.push(...resources.flatMap(([id, body]) => orderResource(stack, id, body)));
  // In a scope of their own: an output may be called like its resource.
  const scope = new Construct(stack, "parts-of-settings");
  for (const [section, key] of sections) {
    for (const [id, body] of free(key, settings[key]))
      new RawPart(scope, `${section}-${id}`).say(section, id, body);
  }
  return issues;
}

/** Outputs and conditions have names of their own; resources and parameters share theirs. */
function takenNames(stack: Stack, { resources }: Settings) {
  const elements = elementsOf(stack);
  const ids = (some: readonly CfnElementType[]) => some.map((element) => idOf(stack, element));
  const outputs = elements.filter((element) => element instanceof CfnOutput);
  const all = [...ids(elements), reserved];
  return {
    // Their constructs stand beside those of lmi's outputs.
    resources: new Set(all),
    outputs: new Set(ids(outputs)),
    conditions: new Set<string>(),
    parameters: new Set([...all, ...Object.keys(resources)]),
  };
}

const sections = [
  ["Outputs", "outputs"],
  ["Conditions", "conditions"],
  ["Parameters", "parameters"],
] as const;

/** A piece of the template that stands there as it was given. */
class RawPart extends CfnElement {
  #content: object = {};

  say(section: string, id: string, body: object): void {
    this.overrideLogicalId(id);
    this.#content = { [section]: { [id]: body } };
  }

  /** CDK's own name of the method that gives a part of the template; its types hide it. */
  _toCloudFormation(): object {
    return this.#content;
  }
}

function orderResource(stack: Stack, id: string, { DependsOn = [] }: RawResource): RuleIssue[] {
  const resources = resourcesOf(stack);
  return [DependsOn].flat().flatMap((name): RuleIssue[] => {
    const first = resources.get(name);
    if (first) {
      resources.get(id)?.addResourceDependency(first);
      return [];
    }
    const guess = nearest(name, [...resources.keys()]);
    return [
      {
        path: ["resources", id, "DependsOn"],
        value: name,
        message: `is no resource of the stack${guess === undefined ? "" : `; did you mean ${guess}?`}`,
        code: "reference-unknown",
        severity: "error",
      },
    ];
  });
}

function clash(
  section: "resources" | "outputs" | "conditions" | "parameters",
  id: string,
): RuleIssue {
  const other =
    section === "resources" ? "take another name, or change lmi's with overrides" : "take another";
  return {
    path: [section, id],
    value: undefined,
    message: `is a name that the stack has already; ${other}`,
    code: "logical-id-taken",
    severity: "error",
  };
}
