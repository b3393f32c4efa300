import { validationError } from "./template.ts";
import type { JsonObject } from "./template.ts";

/** User guide, "Understand CloudFormation quotas". */
const maximum = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;
const maximumNameLength = 255;

/** The text is CloudFormation's for resources; the others are made like it. */
export function checkLimits(
  template: Readonly<Record<keyof typeof maximum, Readonly<Record<string, unknown>>>>,
): void {
  for (const name of Object.keys(maximum) as (keyof typeof maximum)[]) {
    const count = Object.keys(template[name]).length;
    if (count > maximum[name]) {
      throw validationError(
        `Template format error: Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${maximum[name]}`,
      );
    }
  }
}

/** Names are letters and digits (observed, localstack/localstack test_changesets.snapshot.json); the text for long ones is ours. */
export function checkNames(kind: "Resource" | "Parameter" | "Output", section: JsonObject): void {
  for (const name of Object.keys(section)) {
    if (!/^[A-Za-z0-9]+$/.test(name)) {
      throw validationError(`Template format error: ${kind} name ${name} is non alphanumeric.`);
    }
    if (name.length > maximumNameLength) {
      throw validationError(
        `Template format error: ${kind} name ${name} is longer than ${maximumNameLength} characters.`,
      );
    }
  }
}
