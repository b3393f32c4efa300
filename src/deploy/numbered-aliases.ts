import { isRecord } from "../is-record.ts";
import { publishedVersion } from "./readiness.ts";
import { deployedResources } from "./template-resources.ts";

/**
 * Names of a function's aliases that call a version of their own, by the deployed template: what is published to
 * `$LATEST.PUBLISHED` does not reach their callers.
 */
export function numberedAliases(template: string | undefined, functionName: string): string[] {
  const resources = deployedResources(template);
  const own = Object.keys(resources).find(
    (id) =>
      resources[id]?.Type === "AWS::Lambda::Function" &&
      resources[id].Properties?.["FunctionName"] === functionName,
  );
  if (own === undefined) return [];
  return Object.values(resources).flatMap(({ Type: type, Properties: properties = {} }) => {
    const { FunctionName: of, FunctionVersion: version, Name: name } = properties;
    const isOwn = of === functionName || (isRecord(of) && of["Ref"] === own);
    const isNumbered = version !== publishedVersion;
    return type === "AWS::Lambda::Alias" && isOwn && isNumbered && typeof name === "string"
      ? [name]
      : [];
  });
}

/** `Alias live of hello still calls …`. */
export function numberedAliasWords(names: readonly string[], functionName: string): string {
  const [subject, verb] = names.length === 1 ? ["Alias", "calls its"] : ["Aliases", "call their"];
  return `${subject} ${names.join(", ")} of ${functionName} still ${verb} own version, with the code before`;
}
