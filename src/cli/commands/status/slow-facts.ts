import type {
  Aws,
  ManagedInstance,
  StackState,
  VersionAlias,
  VersionUse,
} from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { providerEvents, providerLogGroup } from "../../../deploy/provider-log.ts";
import { LmiError } from "../../../errors.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import { deployedFunctions, deployedProviders } from "../deploy/outputs.ts";
import { deployedCodes } from "./deployed-code.ts";
import { type Loads, readLoads } from "./load.ts";
import type { FunctionView, LaunchFailure, ScalingMode, VersionView } from "./model.ts";
import type { Parts } from "./part.ts";
import { providerSettings, readSettingsView, type SettingsView } from "./settings-view.ts";

/** What changes slowly or costs money to ask: CloudWatch bills each metric, and has new ones every five minutes. */
export interface SlowFacts {
  readonly template: string | undefined;
  readonly settings: SettingsView | undefined;
  readonly loads: Loads | undefined;
  readonly aliases: ReadonlyMap<string, readonly VersionAlias[] | undefined>;
  /** Hash of the stack's code of functions that run pushed code. */
  readonly deployedCodes: ReadonlyMap<string, string | undefined>;
  readonly providers: ReadonlyMap<string, SlowProvider>;
}

interface SlowProvider {
  readonly scaling: ScalingMode | undefined;
  /** Published versions on it, those of other stacks too. */
  readonly versions: readonly (VersionUse & Pick<VersionView, "scaling">)[] | undefined;
  readonly launchFailures: readonly LaunchFailure[] | undefined;
}

export interface FactsRequest {
  readonly stack: StackState;
  readonly instances: readonly (ManagedInstance & { readonly provider: string })[];
  /** Function → ARN of its capacity provider. */
  readonly providerOf: ReadonlyMap<string, string | undefined>;
  readonly functions: readonly Pick<FunctionView, "name" | "published">[];
  readonly environmentName: string | undefined;
  readonly loadSettings: () => Promise<LoadedSettings>;
}

export async function readSlowFacts(
  request: FactsRequest,
  parts: Parts,
  context: DeployContext,
): Promise<SlowFacts> {
  const { aws, now } = context;
  const { stack } = request;
  const names = deployedFunctions(stack.outputs);
  const template = parts.read("template", "cloudformation:GetTemplate", () =>
    aws.stacks.template(stack.stackName),
  );
  const [loads, aliases, providers, settings, codes] = await Promise.all([
    parts.read("metrics", "cloudwatch:GetMetricData", () =>
      readLoads(subjectsOf(names, request), aws.metrics, now()),
    ),
    Promise.all(
      names.map((name) =>
        parts.read("aliases", "lambda:ListAliases", () => aws.versions.aliases(name)),
      ),
    ),
    Promise.all(
      deployedProviders(stack.outputs).map(
        async (arn) => [arn, await slowProvider(arn, request, parts, context)] as const,
      ),
    ),
    readSettings(request, template, parts, context),
    deployedCodes(request.functions, stack, parts, context),
  ]);
  return {
    template: await template,
    settings,
    loads,
    aliases: new Map(names.map((name, index) => [name, aliases[index]])),
    providers: new Map(providers),
    deployedCodes: codes,
  };
}

const settingsPermissions =
  "lambda:GetFunctionConfiguration, lambda:GetFunctionScalingConfig, lambda:GetCapacityProvider, cloudformation:ListStackResources";

async function readSettings(
  { stack, environmentName, loadSettings }: FactsRequest,
  template: Promise<string | undefined>,
  parts: Parts,
  context: DeployContext,
): Promise<SettingsView | undefined> {
  const { outputs, stackName } = stack;
  return parts.read("settings", settingsPermissions, async () =>
    readSettingsView(
      { outputs, stackName, template: await template, environmentName, load: loadSettings },
      hurried(context),
    ),
  );
}

/** A deploy waits five minutes for an answer; here it is a part of a screen. */
const patienceMs = 15_000;

function hurried(context: DeployContext): DeployContext {
  const limit = new AbortController();
  const timer = setTimeout(
    () =>
      limit.abort(
        new LmiError("LMI_TIMED_OUT", `No answer within ${patienceMs / 1000} seconds.`, {}),
      ),
    patienceMs,
  );
  timer.unref();
  return { ...context, signal: AbortSignal.any([context.signal, limit.signal]) };
}

function nameOf(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : arn.slice(arn.lastIndexOf(":") + 1);
}

function subjectsOf(names: readonly string[], { instances, providerOf }: FactsRequest) {
  const types = instances.map(
    ({ provider, instanceType }) => `${nameOf(provider)} ${instanceType}`,
  );
  return {
    functions: names.map((name) => ({ name, providerName: nameOf(providerOf.get(name)) })),
    types: [...new Set(types)].map((pair) => {
      const [providerName = "", instanceType = ""] = pair.split(" ");
      return { providerName, instanceType };
    }),
  };
}

async function slowProvider(
  arn: string,
  { stack }: FactsRequest,
  parts: Parts,
  context: DeployContext,
): Promise<SlowProvider> {
  const { aws } = context;
  const [live, versions, launchFailures] = await Promise.all([
    parts.read("provider", "lambda:GetCapacityProvider", () =>
      aws.capacityProviders.properties(arn),
    ),
    parts.read("versions", "lambda:ListFunctionVersionsByCapacityProvider", () =>
      aws.versions.ofCapacityProvider(arn),
    ),
    failuresOf(arn, stack, context),
  ]);
  if (launchFailures === undefined) {
    await parts.read("provider log", "logs:FilterLogEvents", () =>
      Promise.reject(
        new LmiError("LMI_ACCESS_DENIED", "The capacity provider's log cannot be read."),
      ),
    );
  }
  const read = live && providerSettings(live);
  return {
    scaling: read && { mode: read.mode, targetCpu: read.targetCpu },
    versions: versions && (await withScaling(versions, parts, aws)),
    launchFailures,
  };
}

/** Limits are asked one by one: of so many versions, the newest. */
const mostScalings = 20;

async function withScaling(
  versions: readonly VersionUse[],
  parts: Parts,
  { runningVersions }: Aws,
): Promise<SlowProvider["versions"]> {
  return Promise.all(
    // `$LATEST` runs nowhere, and has no limits to ask for.
    versions
      .filter(({ version }) => version !== "$LATEST")
      .map(async (each, index) => ({
        ...each,
        scaling:
          index < mostScalings
            ? await parts.read("scaling", "lambda:GetFunctionScalingConfig", () =>
                runningVersions.scaling(each.functionName, each.version),
              )
            : undefined,
      })),
  );
}

const quarterHour = 15 * 60_000;

async function failuresOf(
  arn: string,
  { outputs }: StackState,
  { aws, now, signal }: DeployContext,
): Promise<readonly LaunchFailure[] | undefined> {
  const key = Object.keys(outputs).find(
    (name) => name.startsWith("CapacityProviderArn") && outputs[name] === arn,
  );
  const named = key && outputs[key.replace("Arn", "LogGroup")];
  const logGroup = named ?? (await providerLogGroup(arn, aws));
  if (logGroup === undefined) return undefined;
  const since = new Date(now().getTime() - quarterHour);
  const events = await providerEvents({ logGroup, since, signal }, aws);
  return events
    ?.filter(({ operation }) => operation === "LaunchFailed")
    .map(({ time, message }) => ({ time, message }))
    .toReversed();
}
