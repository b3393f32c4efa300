/** Stands for `AWS::NoValue` until the property or item that holds it is left out. */
export const noValue = Symbol("AWS::NoValue");

/** What CloudFormation shows in a change set for a value that only the deployment makes. */
export const knownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}";

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && value.includes(knownAfterApply);
}
