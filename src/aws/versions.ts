import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type {
  FunctionVersion,
  MappedVersion,
  VersionAlias,
  Versions,
  VersionScaling,
  VersionUse,
} from "./ports.ts";

type Lambda = Awaited<ReturnType<LambdaConnection>>;

export function createVersions({ target }: Connection, lambda: LambdaConnection): Versions {
  const call = <T>(work: (lambda: Lambda) => Promise<T>) =>
    explained(target, async () => work(await lambda()));
  return {
    ofFunction: (name) => call((loaded) => ofFunction(name, loaded)),
    mapped: () => call(mapped),
    aliases: (name) => call((loaded) => aliases(name, loaded)),
    scaling: (name, version) => call((loaded) => scaling(name, version, loaded)),
    ofCapacityProvider: (nameOrArn) => call((loaded) => ofCapacityProvider(nameOrArn, loaded)),
    delete: (name, version) => call((loaded) => remove(name, version, loaded)),
  };
}

/** What an unqualified invoke runs (Lambda developer guide, lambda-managed-instances-version-publishing). */
const published = "$LATEST.PUBLISHED";

async function ofFunction(
  name: string,
  lambda: Lambda,
): Promise<readonly FunctionVersion[] | undefined> {
  const { sdk, client } = lambda;
  const listed = await unlessMissing(lambda, async () => {
    const found: FunctionConfiguration[] = [];
    for await (const page of sdk.paginateListVersionsByFunction({ client }, { FunctionName: name }))
      found.push(...(page.Versions ?? []));
    return found;
  });
  if (listed === undefined) return undefined;
  // Asked for by itself: lists leave out states, and may leave out this version.
  const command = new sdk.GetFunctionConfigurationCommand({
    FunctionName: name,
    Qualifier: published,
  });
  const running = await unlessMissing(lambda, () => client.send(command));
  const numbers = listed
    .filter(({ Version }) => isNumber(Version))
    .toSorted((one, other) => Number(other.Version) - Number(one.Version));
  return [...(running ? [running] : []), ...numbers].map(toVersion);
}

async function aliases(name: string, lambda: Lambda): Promise<readonly VersionAlias[]> {
  const { sdk, client } = lambda;
  const listed = await unlessMissing(lambda, async () => {
    const found: VersionAlias[] = [];
    for await (const page of sdk.paginateListAliases({ client }, { FunctionName: name }))
      for (const { Name = "", FunctionVersion, RoutingConfig } of page.Aliases ?? [])
        found.push({
          name: Name,
          versions: [
            ...(FunctionVersion === undefined ? [] : [FunctionVersion]),
            ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
          ],
        });
    return found;
  });
  return listed ?? [];
}

/** All, since a list by a function's name does not say whether it has those of its versions. */
async function mapped({ sdk, client }: Lambda): Promise<readonly MappedVersion[]> {
  const found: MappedVersion[] = [];
  for await (const page of sdk.paginateListEventSourceMappings({ client }, {}))
    for (const { FunctionArn = "" } of page.EventSourceMappings ?? []) {
      const [functionName = "", qualifier] = FunctionArn.split(":").slice(6);
      if (qualifier !== undefined) found.push({ functionName, qualifier });
    }
  return found;
}

async function scaling(
  name: string,
  version: string,
  lambda: Lambda,
): Promise<VersionScaling | undefined> {
  const { sdk, client } = lambda;
  const command = new sdk.GetFunctionScalingConfigCommand({
    FunctionName: name,
    Qualifier: version,
  });
  const answer = await unlessMissing(lambda, () => client.send(command));
  const wanted = answer?.RequestedFunctionScalingConfig ?? answer?.AppliedFunctionScalingConfig;
  if (wanted === undefined) return undefined;
  return { min: wanted.MinExecutionEnvironments, max: wanted.MaxExecutionEnvironments };
}

async function ofCapacityProvider(
  nameOrArn: string,
  lambda: Lambda,
): Promise<readonly VersionUse[] | undefined> {
  const { sdk, client } = lambda;
  return unlessMissing(lambda, async () => {
    const found: VersionUse[] = [];
    const input = { CapacityProviderName: nameOrArn };
    for await (const page of sdk.paginateListFunctionVersionsByCapacityProvider({ client }, input))
      for (const { FunctionArn, State } of page.FunctionVersions ?? [])
        if (FunctionArn !== undefined) found.push(toUse(FunctionArn, State));
    return found;
  });
}

async function remove(name: string, version: string, lambda: Lambda): Promise<boolean> {
  const { sdk, client } = lambda;
  const command = new sdk.DeleteFunctionCommand({ FunctionName: name, Qualifier: version });
  try {
    await unlessMissing(lambda, () => client.send(command));
    return true;
  } catch (error) {
    if (error instanceof sdk.ResourceConflictException) return false;
    throw error;
  }
}

/** undefined where what was asked for does not exist. */
async function unlessMissing<T>({ sdk }: Lambda, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw error;
  }
}

function isNumber(version: string | undefined): boolean {
  return /^\d+$/.test(version ?? "");
}

/** `arn:aws:lambda:<region>:<account>:function:<name>:<version>`; without a version it is `$LATEST`. */
function toUse(functionArn: string, state: string | undefined): VersionUse {
  const [functionName = "", version = "$LATEST"] = functionArn.split(":").slice(6);
  return { functionArn, functionName, version, state };
}

function toVersion(configuration: FunctionConfiguration): FunctionVersion {
  const managed =
    configuration.CapacityProviderConfig?.LambdaManagedInstancesCapacityProviderConfig;
  return {
    functionName: configuration.FunctionName ?? "",
    version: configuration.Version ?? "",
    arn: configuration.FunctionArn ?? "",
    state: configuration.State,
    lastUpdateStatus: configuration.LastUpdateStatus,
    modifiedAt: timeOf(configuration.LastModified),
    codeBytes: configuration.CodeSize,
    codeSha256: configuration.CodeSha256,
    description: configuration.Description || undefined,
    capacityProviderArn: managed?.CapacityProviderArn,
  };
}

/** Lambda writes `2026-11-23T12:00:00.000+0000`. */
function timeOf(text: string | undefined): Date | undefined {
  const time = new Date(text ?? "");
  return Number.isNaN(time.getTime()) ? undefined : time;
}
