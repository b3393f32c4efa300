import type { CallContext } from "../../service.ts";

export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly lastModified: string;
  readonly description?: string | undefined;
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly tier: string;
  readonly dataType: string;
  readonly allowedPattern?: string | undefined;
  /** The oldest first. */
  readonly versions: readonly ParameterVersion[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A parameter as GetParameter gives it, with its newest version. */
export function parameterOutput(
  parameter: Parameter,
  context: CallContext,
): Record<string, unknown> {
  const newest = parameter.versions.at(-1);
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: newest?.value,
    Version: newest?.version,
    LastModifiedDate: newest?.lastModified,
    ARN: arnOf(parameter.name, context),
    DataType: parameter.dataType,
  };
}

/** A parameter as DescribeParameters gives it: without its value. */
export function describeParameter(
  parameter: Parameter,
  context: CallContext,
): Record<string, unknown> {
  const { Value: _value, ...rest } = parameterOutput(parameter, context);
  return {
    ...rest,
    Description: parameter.versions.at(-1)?.description,
    AllowedPattern: parameter.allowedPattern,
    Tier: parameter.tier,
    LastModifiedUser: `arn:aws:iam::${context.accountId}:user/lmi-local`,
    Policies: [],
  };
}

function arnOf(name: string, { region, accountId }: CallContext): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`;
}
