import type { Template } from "../synthesize.ts";
import { constructId } from "../names.ts";
import { withoutHash } from "./version-file.ts";
import type { Group } from "./groups.ts";

/** `my-function` and `MyFunction` → `myFunction`. */
export function camelCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  // `VPCEndpoint` → `vpcEndpoint`, `Vpc` → `vpc`
  return joined.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (first) => first.toLowerCase());
}

/** A variable for each resource of a group, by logical id. */
export function variablesOf(group: Group, template: Template): ReadonlyMap<string, string> {
  const prefix = group.functionKey === undefined ? "" : constructId(group.functionKey);
  const used = new Set<string>(["stack", "code", "functionName", ...group.needs]);
  return new Map(
    group.logicalIds.map((id) => {
      const rest = id.startsWith(prefix) ? id.slice(prefix.length) : id;
      const type = template.Resources[id]?.Type;
      const wanted = camelCase(rest === "" ? "lambdaFunction" : readable(rest, type));
      const variable = unused(/^[a-z]/.test(wanted) ? wanted : `r${wanted}`, used);
      used.add(variable);
      return [id, variable];
    }),
  );
}

function readable(name: string, type: string | undefined): string {
  if (type === "AWS::Lambda::Version") return withoutHash(name);
  return type === "AWS::Logs::LogGroup" ? name.replace(/Logs$/, "LogGroup") : name;
}

/** Words of the language, and modules that files import. */
const reserved = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static
  super switch this throw true try typeof var void while with yield eval arguments undefined
  ec2 iam lambda logs sqs sns s3 dynamodb events kms cdk process`.split(/\s+/),
);

export function isReserved(name: string): boolean {
  return reserved.has(name);
}

function unused(wanted: string, used: ReadonlySet<string>): string {
  const base = reserved.has(wanted) ? `${wanted}Resource` : wanted;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!used.has(name)) return name;
  }
}
