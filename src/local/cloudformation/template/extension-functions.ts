import { isUnknown, knownAfterApply } from "./special-values.ts";
import { extensionsFailed } from "./transform-failed.ts";

/** Functions of the AWS::LanguageExtensions transform. */
export function isExtension(name: string): boolean {
  return name === "Fn::Length" || name === "Fn::ToJsonString" || name.startsWith("Fn::ForEach");
}

export function lengthOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length;
  if (isUnknown(value)) return knownAfterApply;
  throw extensionsFailed("Fn::Length layout is incorrect");
}

export function jsonText(value: unknown): string {
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  throw extensionsFailed("Fn::ToJsonString layout is incorrect");
}
