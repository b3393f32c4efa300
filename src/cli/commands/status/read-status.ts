import type {
  Aws,
  CapacityProviderState,
  FunctionState,
  ManagedInstance,
  StackState,
} from "../../../aws/ports.ts";
import { isStopped } from "../../../deploy/declared-scaling.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { functionGone } from "../../../deploy/function-gone.ts";
import { nextForStack } from "../../../deploy/stack-condition.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import { expiryName } from "../../../synth/ttl.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import { deployedFunctions, deployedProviders, deployedUrl } from "../deploy/outputs.ts";
import { readExpiry } from "../../output/instant.ts";
import { forSameStack } from "../../same-stack.ts";
import type { SharedOptions } from "../../shared-options.ts";
import { dailyCost } from "./daily-cost.ts";
import { isStackCode } from "./deployed-code.ts";
import type { FunctionLoad } from "./load.ts";
import { groupsOf } from "./instance-groups.ts";
import type { FunctionView, PauseView, ProviderView, Status, TroubleView, VCpus } from "./model.ts";
import { createParts, type Parts } from "./part.ts";
import { readPauseView } from "./pause-view.ts";
import { readSlowFacts, type SlowFacts } from "./slow-facts.ts";
import {
  holdsNothing,
  nextAfterFailure,
  readTroubleView,
  withFoundOutputs,
} from "./stack-trouble-view.ts";
import { throttleReasons } from "./throttle-reasons.ts";
import { vCpusInUse, vCpusOfAll } from "./vcpus.ts";

/** Versions of all functions that a capacity provider takes (Lambda developer guide, lambda-managed-instances-quotas). */
const versionLimit = 100;

export interface StatusRequest {
  readonly account: string;
  readonly environmentName: string | undefined;
  readonly options: SharedOptions;
  readonly loadSettings: () => Promise<LoadedSettings>;
  readonly prices: () => PriceList;
}

interface FastFacts {
  /** With the names of what there is, where it has no outputs. */
  readonly stack: StackState;
  readonly providers: readonly CapacityProviderState[];
  /** By the provider's ARN; undefined: not allowed. */
  readonly instances: ReadonlyMap<string, readonly ManagedInstance[] | undefined>;
  readonly functions: readonly Pick<FunctionView, "name" | "published" | "gone" | "url">[];
}

/** What was read of the slow facts, and which parts of them were missing. */
export interface KeptFacts {
  readonly at: Date;
  readonly facts: SlowFacts;
  readonly missing: Parts["missing"];
  /** The state of the stack that the trouble is of. */
  readonly stackStatus: string;
  readonly trouble: TroubleView | undefined;
}

export interface ReadStatus {
  readonly status: Status;
  /** undefined: what changes slowly is to be read again. */
  readonly kept: KeptFacts | undefined;
}

/**
 * Everything that can be known of a stack at this moment; what cannot be read is named in `missing`.
 * @param kept slow facts of an earlier look, that are young enough still
 */
export async function readStatus(
  stack: StackState,
  request: StatusRequest,
  context: DeployContext,
  kept?: KeptFacts,
): Promise<ReadStatus> {
  const parts = createParts(context);
  const fast = await readFastFacts(stack, parts, context.aws);
  const slow =
    kept?.stackStatus === stack.status ? kept : await readKeptFacts(fast, request, context, kept);
  const missing = onceEach([...parts.missing, ...slow.missing]);
  const template = holdsNothing(stack) ? undefined : slow.facts.template;
  const pause = await readPauseView(fast.functions, template, context.now());
  const status = composed(fast, slow, { request, context, missing, template, pause });
  return { status: { ...status, stack }, kept: slow };
}

async function readFastFacts(found: StackState, parts: Parts, aws: Aws): Promise<FastFacts> {
  const stack = await withFoundOutputs(found, parts, aws);
  const arns = deployedProviders(stack.outputs);
  const [providers, instances, functions] = await Promise.all([
    Promise.all(
      arns.map((arn) =>
        parts.read("provider", "lambda:GetCapacityProvider", () => aws.capacityProviders.find(arn)),
      ),
    ),
    Promise.all(
      arns.map((arn) =>
        parts.read("instances", "ec2:DescribeInstances", () =>
          aws.instances.ofCapacityProvider(arn),
        ),
      ),
    ),
    Promise.all(
      deployedFunctions(stack.outputs).map((name) => readFunction(name, stack, parts, aws)),
    ),
  ]);
  return {
    stack,
    providers: providers.filter((provider) => provider !== undefined),
    instances: new Map(arns.map((arn, index) => [arn, instances[index]])),
    functions,
  };
}

async function readFunction(
  name: string,
  { outputs }: StackState,
  parts: Parts,
  aws: Aws,
): Promise<FastFacts["functions"][number]> {
  const find = async (): Promise<{ published?: FunctionState | undefined; gone: boolean }> => {
    const published = await aws.functions.find(name, "$LATEST.PUBLISHED");
    const gone = published === undefined && (await aws.functions.find(name)) === undefined;
    return { published, gone };
  };
  const found = await parts.read("functions", "lambda:GetFunctionConfiguration", find);
  const { published, gone } = found ?? { gone: false };
  return { name, published, gone, url: deployedUrl(name, outputs) };
}

async function readKeptFacts(
  { stack, instances, functions }: FastFacts,
  { environmentName, loadSettings }: StatusRequest,
  context: DeployContext,
  kept: KeptFacts | undefined,
): Promise<KeptFacts> {
  const parts = createParts(context);
  const { status: stackStatus } = stack;
  const reading = readTroubleView(stack, parts, context.aws);
  // A stack that came into another state is no reason to ask CloudWatch once more.
  if (kept) return { ...kept, stackStatus, trouble: await reading };
  const all = [...instances].flatMap(([provider, some = []]) =>
    some.map((instance) => ({ ...instance, provider })),
  );
  const providerOf = new Map(
    functions.map(({ name, published }) => [name, published?.capacityProviderArn]),
  );
  const request = { stack, instances: all, providerOf, functions, environmentName, loadSettings };
  const [facts, trouble] = await Promise.all([readSlowFacts(request, parts, context), reading]);
  return { at: context.now(), facts, missing: parts.missing, stackStatus, trouble };
}

/** What changes fast and what changes slowly may need the same permission. */
function onceEach(missing: Parts["missing"]): Parts["missing"] {
  const by = Map.groupBy(missing, ({ part, permission, code }) => `${part} ${permission} ${code}`);
  return [...by.values()].flatMap(([first]) => first ?? []);
}

interface Scene {
  readonly request: StatusRequest;
  readonly context: DeployContext;
  readonly missing: Parts["missing"];
  /** Of what there is. */
  readonly template: string | undefined;
  readonly pause: PauseView;
}

function composed(fast: FastFacts, { facts: slow, trouble }: KeptFacts, scene: Scene): Status {
  const { request, context, missing, template, pause } = scene;
  const { stack } = fast;
  const { target } = context.aws;
  const providers = fast.providers.map((provider) => providerView(provider, fast, slow));
  const each = [...fast.instances.values()];
  const instances = each.includes(undefined) ? undefined : each.flatMap((some) => some ?? []);
  const functions = fast.functions.map((own) => functionView(own, providers, slow));
  const lost = functions.find(({ gone }) => gone);
  const next =
    nextForStack(stack, target) ??
    (lost ? functionGone(lost.name).next : nextForPaused(functions)) ??
    nextAfterFailure(stack);
  return {
    time: context.now(),
    account: request.account,
    region: target.region,
    stack,
    trouble,
    expires: readExpiry(stack.outputs[expiryName]),
    pause,
    capacityProvider: providers[0],
    capacityProviders: providers,
    instances,
    functions,
    cost: instances && dailyCost(instances, template, request.prices()),
    settings: slow.settings,
    missing,
    next: next === undefined ? undefined : forSameStack(next, request.options),
  };
}

function nextForPaused(functions: readonly FunctionView[]): string | undefined {
  return functions.some(({ published }) => isStopped(published?.state)) ? "lmi resume" : undefined;
}

function providerView(
  provider: CapacityProviderState,
  { instances }: FastFacts,
  { providers, loads }: SlowFacts,
): ProviderView {
  const own = instances.get(provider.arn);
  const slow = providers.get(provider.arn);
  const load = loads && (loads.types.get(provider.name) ?? []);
  return {
    ...provider,
    scaling: slow?.scaling,
    instanceGroups: own && groupsOf(own),
    vCpus: {
      ...vCpusUnder(provider.maxVCpuCount, own),
      ...vCpusInUse(
        own?.map(({ instanceType }) => instanceType),
        load,
      ),
    },
    versions: slow?.versions && { used: slow.versions.length, limit: versionLimit },
    load,
    launchFailures: slow?.launchFailures,
  };
}

function vCpusUnder(
  cap: number | undefined,
  instances: readonly ManagedInstance[] | undefined,
): Pick<VCpus, "cap" | "running" | "headroom"> {
  const running = instances && vCpusOfAll(instances.map(({ instanceType }) => instanceType));
  const headroom =
    cap === undefined || running === undefined ? undefined : Math.max(0, cap - running);
  return { cap, running, headroom };
}

function functionView(
  own: FastFacts["functions"][number],
  providers: readonly ProviderView[],
  slow: SlowFacts,
): FunctionView {
  const known = [...slow.providers.values()].map(({ versions }) => versions);
  const versions = known.includes(undefined)
    ? undefined
    : known
        .flatMap((some) => some ?? [])
        .filter(({ functionName }) => functionName === own.name)
        .map(({ version, state, scaling }) => ({ version, state, scaling }));
  const provider = providers.find(({ arn }) => arn === own.published?.capacityProviderArn);
  const load = slow.loads?.functions.get(own.name);
  const withReasons: FunctionLoad | undefined = load && {
    ...load,
    throttleReasons: throttleReasons({
      load,
      version: versions?.find(({ version }) => version === "$LATEST.PUBLISHED"),
      vCpus: provider?.vCpus,
      launchFailures: provider?.launchFailures ?? [],
    }),
  };
  const aliases = slow.aliases.get(own.name);
  return {
    ...own,
    isStackCode: isStackCode(own, slow.deployedCodes),
    versions,
    aliases,
    load: withReasons,
  };
}
