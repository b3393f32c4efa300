import type { NetworkInterface, StackResource, StackState } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { type Ground, groundOf } from "../../../deploy/ground.ts";
import { declaredIn, keptByPolicy, readTemplate } from "../../../deploy/kept-resources.ts";
import { isUpdatable } from "../../../deploy/keep-resources.ts";
import { releasing, takenBackIn } from "../../../deploy/take-back.ts";
import { lambdaOf, type OwnLambda, withNested } from "../../../deploy/own-lambda.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { nameOf, usesOf, type VersionName } from "../../../deploy/prune-versions.ts";
import { findRemains } from "../../../deploy/remains.ts";
import { sharedProvider } from "../../../deploy/shared-provider.ts";
import type { TemplateResources } from "../../../deploy/template-resources.ts";
import { deployedProviders } from "../deploy/outputs.ts";
import { type KeepRequest, keepWanted, mustBePossible } from "./keep.ts";

/** What a destroy does to a stack as it is now. Made of reading alone. */
export interface Plan {
  readonly stack: StackState;
  readonly template: Readonly<Record<string, unknown>> | undefined;
  readonly declared: TemplateResources;
  /** What goes. */
  readonly going: readonly StackResource[];
  /** What stays: asked for, needed by that, or kept by its policy. */
  readonly staying: readonly StackResource[];
  /** Logical ids of what CloudFormation has to be told to keep. */
  readonly mark: readonly string[];
  /** Logical ids of what it has to be told not to keep: it was taken back, and its policy is not yet the project's. */
  readonly release: readonly string[];
  /** Numbered versions of the stack's functions that the stack does not know. */
  readonly prune: readonly VersionName[];
  /** Names of the capacity providers that go. */
  readonly providers: readonly string[];
  readonly ground: Ground;
  /** Where things run that stay. */
  readonly keptGround: Ground;
  /** Network interfaces of others, which hold on to the stack's network. */
  readonly foreign: readonly NetworkInterface[];
}

/**
 * Fails before anything is touched: LMI_PROVIDER_SHARED where others use a provider that is to go, LMI_CANNOT_KEEP,
 * LMI_USAGE where what is to be kept is not there.
 */
export async function planDestroy(
  stack: StackState,
  request: KeepRequest,
  context: DeployContext,
): Promise<Plan> {
  const { aws } = context;
  const { stackId } = stack;
  const ask = <T>(read: () => Promise<T>) => patiently(context, read);
  const [listed, text] = await Promise.all([
    ask(() => aws.stacks.resources(stackId)),
    ask(() => aws.stacks.template(stackId)),
  ]);
  const resources = listed.filter(exists);
  const template = readTemplate(text);
  const declared = declaredIn(template);
  const wanted = keepWanted(request, resources, declared);
  const release = toRelease(stack, template, wanted);
  const byPolicy = keptByPolicy(declared).filter((id) => !release.has(id));
  const mark = wanted.filter((id) => !byPolicy.includes(id));
  mustBePossible(mark, stack, template);
  const stays = new Set([...wanted, ...byPolicy]);
  const staying = resources.filter(({ logicalId }) => stays.has(logicalId));
  const going = resources.filter(({ logicalId }) => !stays.has(logicalId));
  const all = await ask(() => withNested(going, aws));
  const own = { ...lambdaOf([...all, ...staying]), functions: functionsEver([...listed, ...all]) };
  const { providers } = lambdaOf(all);
  const prune = await versionsToPrune(stack, providers, own, lambdaOf(all), context);
  const ground = groundOf(stackId, all, {
    providers: staying.some(isProvider) ? [] : deployedProviders(stack.outputs),
    subnetIds: await subnetsOf(providers, context),
  });
  const { foreign } = await findRemains(ground, context);
  const keptGround = groundOf(stackId, staying.filter(isProvider));
  return {
    stack,
    template: template && releasing(template, release),
    declared,
    going,
    staying,
    mark,
    release: [...release.keys()],
    prune,
    providers,
    ground,
    keptGround,
    foreign,
  };
}

/** Policies of what was taken back, where the deploy that did it did not come to its end; nobody asked to keep it. */
function toRelease(
  stack: StackState,
  template: Plan["template"],
  wanted: readonly string[],
): ReadonlyMap<string, string> {
  const takenBack = isUpdatable(stack) ? [...takenBackIn(template)] : [];
  return new Map(
    takenBack.filter(([id, policy]) => !wanted.includes(id) && !policy.startsWith("Retain")),
  );
}

/**
 * Those that are deleted already among them: a provider names versions of theirs as Deactivating until environments have
 * drained.
 */
function functionsEver(resources: readonly StackResource[]): ReadonlySet<string> {
  const functions = resources.filter(({ type }) => type === "AWS::Lambda::Function");
  return new Set(functions.flatMap(({ physicalId }) => physicalId ?? []));
}

async function versionsToPrune(
  { status }: StackState,
  providers: readonly string[],
  own: OwnLambda,
  going: OwnLambda,
  context: DeployContext,
): Promise<readonly VersionName[]> {
  // CloudFormation is past asking, and deletes functions with their versions.
  if (status === "DELETE_IN_PROGRESS") return [];
  const uses = (await usesOf(providers, context)).filter(({ state }) => state !== "Deleting");
  const others = uses.filter(({ functionName }) => !own.functions.has(functionName));
  if (others.length > 0) throw await sharedProvider(others, context);
  const numbered = uses.filter(
    (use) =>
      /^\d+$/.test(use.version) &&
      going.functions.has(use.functionName) &&
      ![...own.versions].some((arn) => arn.endsWith(`:${nameOf(use)}`)),
  );
  const aliased = await aliasedVersions(numbered, context);
  return numbered.filter((use) => !aliased.has(nameOf(use)));
}

/** Lambda deletes no version that an alias points at; both go with their function. */
async function aliasedVersions(
  versions: readonly VersionName[],
  context: DeployContext,
): Promise<ReadonlySet<string>> {
  const names = [...new Set(versions.map(({ functionName }) => functionName))];
  const found = await Promise.all(
    names.map(async (functionName) => {
      const aliases = await patiently(context, () => context.aws.versions.aliases(functionName));
      return aliases.flatMap((alias) =>
        alias.versions.map((version) => nameOf({ functionName, version })),
      );
    }),
  );
  return new Set(found.flat());
}

/** Subnets of providers, somebody else's among them. */
async function subnetsOf(
  providers: readonly string[],
  context: DeployContext,
): Promise<readonly string[]> {
  const found = await Promise.all(
    providers.map((name) => patiently(context, () => context.aws.capacityProviders.find(name))),
  );
  return found.flatMap((provider) => provider?.subnetIds ?? []);
}

function isProvider({ type }: StackResource): boolean {
  return type === "AWS::Lambda::CapacityProvider";
}

function exists({ status }: StackResource): boolean {
  return status !== "DELETE_COMPLETE";
}
