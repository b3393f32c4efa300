import type { Aws, FunctionVersion, VersionAlias, VersionUse } from "../../../aws/ports.ts";
import { hexHash } from "../../../deploy/code-hash.ts";
import { type OwnLambda, ownLambda } from "../../../deploy/own-lambda.ts";

/** Lambda developer guide, lambda-managed-instances-quotas: versions of all functions on one provider; fixed. */
const versionLimit = 100;
/** From here on it is worth a warning. */
const warnFrom = 80;

export interface ListedVersion {
  readonly version: string;
  readonly state: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  readonly modifiedAt: Date | undefined;
  readonly codeBytes: number | undefined;
  /** Base64 of SHA-256, as Lambda tells it. */
  readonly codeSha256: string | undefined;
  /** The same in hex, as lmi shows it, shortened. */
  readonly codeSha256Hex: string | undefined;
  readonly description: string | undefined;
  readonly capacityProviderArn: string | undefined;
  /** Names of aliases that point at it, or send a part of their requests to it. */
  readonly aliases: readonly string[];
  readonly minEnvironments: number | undefined;
  /** undefined: no maximum. */
  readonly maxEnvironments: number | undefined;
  /** CloudFormation made it, and deletes it. */
  readonly ofStack: boolean;
}

export interface ListedFunction {
  readonly name: string;
  readonly versions: readonly ListedVersion[];
}

export interface ProviderUsage {
  readonly name: string;
  /** Published versions on it. */
  readonly used: number;
  readonly limit: number;
  readonly by: readonly {
    readonly functionName: string;
    readonly versions: number;
    /** Of this stack. */
    readonly own: boolean;
  }[];
}

export interface VersionList {
  readonly functions: readonly ListedFunction[];
  readonly capacityProviders: readonly ProviderUsage[];
}

/** The versions of a stack's functions, and what its providers are used by. */
export async function readVersions(
  stackId: string,
  only: string | undefined,
  aws: Aws,
): Promise<VersionList & { readonly own: OwnLambda }> {
  const own = await ownLambda(stackId, aws);
  const names = [...own.functions].filter((name) => only === undefined || name === only);
  const [uses, found] = await Promise.all([
    Promise.all(
      own.providers.map(async (name) => ({
        name,
        uses: (await aws.versions.ofCapacityProvider(name)) ?? [],
      })),
    ),
    Promise.all(names.map((name) => readFunction(name, aws))),
  ]);
  const states = new Map(uses.flatMap((provider) => provider.uses).map(stateOf));
  return {
    own,
    functions: found.map(({ name, versions, aliases, scalings }) => ({
      name,
      versions: versions.map((version, index) => ({
        ...listed(version, aliases, own),
        state: version.state ?? states.get(`${name}:${version.version}`),
        minEnvironments: scalings[index]?.min ?? defaultMinEnvironments,
        maxEnvironments: scalings[index]?.max,
      })),
    })),
    capacityProviders: uses.map(({ name, uses: all }) => usageOf(name, all, own)),
  };
}

/** Lambda developer guide, lambda-managed-instances-execution-environment. */
const defaultMinEnvironments = 3;
/** Questions about versions that are asked at once. */
const atOnce = 8;

async function readFunction(name: string, aws: Aws) {
  const [versions = [], aliases] = await Promise.all([
    aws.versions.ofFunction(name),
    aws.versions.aliases(name),
  ]);
  const scalings = [];
  for (let start = 0; start < versions.length; start += atOnce) {
    const some = versions.slice(start, start + atOnce);
    scalings.push(
      ...(await Promise.all(some.map(({ version }) => aws.versions.scaling(name, version)))),
    );
  }
  return { name, versions, aliases, scalings };
}

function stateOf({ functionName, version, state }: VersionUse): [string, string | undefined] {
  return [`${functionName}:${version}`, state];
}

function listed(version: FunctionVersion, aliases: readonly VersionAlias[], own: OwnLambda) {
  const { functionName: _name, arn, ...rest } = version;
  return {
    ...rest,
    codeSha256Hex: rest.codeSha256 === undefined ? undefined : hexHash(rest.codeSha256),
    aliases: aliases
      .filter(({ versions }) => versions.includes(version.version))
      .map((alias) => alias.name),
    ofStack: own.versions.has(arn),
  };
}

function usageOf(name: string, uses: readonly VersionUse[], own: OwnLambda): ProviderUsage {
  // `$LATEST` names the provider, too, and runs nowhere.
  const published = uses.filter(({ version }) => version !== "$LATEST");
  const counts = new Map<string, number>();
  for (const { functionName } of published)
    counts.set(functionName, (counts.get(functionName) ?? 0) + 1);
  const by = [...counts].map(([functionName, versions]) => ({
    functionName,
    versions,
    own: own.functions.has(functionName),
  }));
  return {
    name,
    used: published.length,
    limit: versionLimit,
    by: by.toSorted((one, other) => other.versions - one.versions),
  };
}

/** Said where a provider is nearly full; the next publish after the last one fails. */
export function fullness({ name, used, limit }: ProviderUsage): string | undefined {
  if (used < warnFrom) return undefined;
  return `${name} has ${used} of ${limit} versions; at ${limit} nothing can be published on it. lmi versions --prune makes room.`;
}
