import type { CallContext } from "../../service.ts";
import { constraint } from "./failures.ts";

export interface FunctionReference {
  readonly name: string;
  readonly qualifier: string | undefined;
}

// Name, partial ARN or full ARN, each with an optional qualifier (botocore service model, FunctionName).
const functionPattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:|function:)?(?<name>[a-zA-Z0-9-_]{1,64})(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;
const providerPattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:capacity-provider:)?(?<name>[a-zA-Z0-9-_]+)$/;

/** Reads the function of a request; a qualifier of its own must agree with the one in the name. */
export function functionReference(input: {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}): FunctionReference {
  const match = functionPattern.exec(input.FunctionName ?? "");
  const name = match?.groups?.["name"];
  if (name === undefined) {
    throw constraint(
      "functionName",
      input.FunctionName,
      `Member must satisfy regular expression pattern: ${functionPattern.source}`,
    );
  }
  const ownQualifier = match?.groups?.["qualifier"];
  if (ownQualifier && input.Qualifier && ownQualifier !== input.Qualifier)
    throw constraint("qualifier", input.Qualifier, "Member must equal the qualifier in the ARN");
  return { name, qualifier: input.Qualifier ?? ownQualifier };
}

/** Longest name, or ARN, of a capacity provider in a request (botocore service model). */
const maxProviderLength = 140;

export function capacityProviderName(nameOrArn: string | undefined): string {
  if (nameOrArn !== undefined && nameOrArn.length > maxProviderLength) {
    throw constraint(
      "capacityProviderName",
      nameOrArn,
      `Member must have length less than or equal to ${maxProviderLength}`,
    );
  }
  const name = providerPattern.exec(nameOrArn ?? "")?.groups?.["name"];
  if (name === undefined) {
    throw constraint(
      "capacityProviderName",
      nameOrArn,
      `Member must satisfy regular expression pattern: ${providerPattern.source}`,
    );
  }
  return name;
}

export function functionArn(context: CallContext, name: string, qualifier?: string): string {
  const suffix = qualifier === undefined ? "" : `:${qualifier}`;
  return `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}${suffix}`;
}

export const capacityProviderArn = (context: CallContext, name: string) =>
  `arn:aws:lambda:${context.region}:${context.accountId}:capacity-provider:${name}`;
