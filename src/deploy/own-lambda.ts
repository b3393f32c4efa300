import type { Aws, StackResource } from "../aws/ports.ts";

/** What of Lambda a stack owns, nested stacks included. */
export interface OwnLambda {
  /** Names. */
  readonly functions: ReadonlySet<string>;
  /** Names of capacity providers. */
  readonly providers: readonly string[];
  /** ARNs of versions that CloudFormation itself deletes, for an alias mostly. */
  readonly versions: ReadonlySet<string>;
}

/** Reads a stack's resources; what is deleted already is not among them. */
export async function ownLambda(stackId: string, aws: Pick<Aws, "stacks">): Promise<OwnLambda> {
  return lambdaOf(await withNested(await aws.stacks.resources(stackId), aws));
}

/** The same of resources that are known, those of nested stacks among them. */
export function lambdaOf(resources: readonly StackResource[]): OwnLambda {
  const named = (type: string) =>
    resources
      .filter((resource) => resource.type === type && resource.status !== "DELETE_COMPLETE")
      .flatMap(({ physicalId }) => physicalId ?? []);
  return {
    functions: new Set(named("AWS::Lambda::Function")),
    providers: named("AWS::Lambda::CapacityProvider"),
    versions: new Set(named("AWS::Lambda::Version")),
  };
}

/** Resources of a stack and of the stacks in it. */
export async function withNested(
  resources: readonly StackResource[],
  aws: Pick<Aws, "stacks">,
): Promise<readonly StackResource[]> {
  const nested = resources.filter(
    ({ type, status }) => type === "AWS::CloudFormation::Stack" && status !== "DELETE_COMPLETE",
  );
  const inner = await Promise.all(
    nested.map(async ({ physicalId }) =>
      physicalId === undefined ? [] : withNested(await aws.stacks.resources(physicalId), aws),
    ),
  );
  return [...resources, ...inner.flat()];
}
