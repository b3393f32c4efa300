import { readFile, writeFile } from "node:fs/promises";
import type { Stack as CdkStack } from "aws-cdk-lib/core";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { ExitCode, LmiError } from "../errors.ts";
import { asciiJson } from "./ascii-json.ts";
import type { BuiltFunction } from "./built-function.ts";
import { type CapacityProviderParts, createCapacityProvider } from "./capacity-provider.ts";
import { App, DefaultStackSynthesizer, Stack } from "./cdk.ts";
import { createExpiry } from "./expiry.ts";
import { addExtraParts } from "./extra-parts.ts";
import { createFunction } from "./function.ts";
import { createLogGroup } from "./log-groups.ts";
import { capacityProviderLogGroup, providerConstructId, stackName } from "./names.ts";
import { createNetwork } from "./network.ts";
import { ownManifest } from "./own-manifest.ts";
import { createOutputs, type StackProvider } from "./outputs.ts";
import { applyOverrides, namedResource } from "./overrides.ts";
import { createPauseSchedules } from "./pause-schedules.ts";
import { type ProviderSettings, providersOf } from "./providers.ts";
import { unknownReferences } from "./references.ts";
import { refuseIssues } from "./refuse-issues.ts";
import { createOperatorRole } from "./roles.ts";
import type { Settings } from "./settings.ts";

export interface SynthesizeRequest {
  readonly settings: Settings;
  /** Folder of the cloud assembly; created, and written over. */
  readonly outdir: string;
  /** One for each function of the settings, from `buildFunction`. */
  readonly assets: readonly BuiltFunction[];
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Description?: string }>
  >;
  readonly [section: string]: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly [attribute: string]: unknown;
}

export interface Synthesized {
  readonly stackName: string;
  readonly template: Template;
  readonly assemblyDirectory: string;
  readonly assembly: CloudAssembly;
}

/**
 * The reference stack of the settings as a cloud assembly. Needs no network and no credentials: account and region stay
 * open, zones are chosen when the stack is deployed. The same settings give the same template to the byte.
 */
export async function synthesize({
  settings,
  outdir,
  assets,
}: SynthesizeRequest): Promise<Synthesized> {
  const name = stackName(settings.name, settings.environment);
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    // Its WebAssembly validator takes 1 s and 200 MB; the tests run it over the templates instead.
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, name, {
    stackName: name,
    description: `Lambda Managed Instances of ${settings.name}`,
    tags: { ...settings.tags, "lmi:project": settings.name },
    synthesizer: new DefaultStackSynthesizer(),
  });
  stack.templateOptions.metadata = {
    lmi: { version: ownManifest().version, project: settings.name },
  };
  await fillStack(stack, settings, assets);
  const assembly = synthesizeApp(app, settings);
  const { template, templateFullPath } = assembly.getStackByName(name);
  await escapeTexts(templateFullPath);
  return {
    stackName: name,
    template: template as Template,
    assemblyDirectory: assembly.directory,
    assembly,
  };
}

/** The file is what is deployed, and is to come back from CloudFormation as it was. */
async function escapeTexts(templateFile: string): Promise<void> {
  const written = await readFile(templateFile, "utf8");
  const escaped = asciiJson(written);
  if (escaped !== written) await writeFile(templateFile, escaped);
}

/** Where the user's own code has changed the stack, what CDK says of it is the user's to mend. */
function synthesizeApp(app: InstanceType<typeof App>, settings: Settings): CloudAssembly {
  if (settings.stack === undefined) return app.synth();
  try {
    return app.synth();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new LmiError(
      "LMI_STACK_HOOK_FAILED",
      "The stack that the stack function has made is invalid",
      {
        why: text,
        exitCode: ExitCode.usage,
        cause: error,
      },
    );
  }
}

/**
 * The reference stack's constructs in a stack of the caller's, then what the escape hatches add and change. Fails with
 * LMI_SETTINGS_INVALID where they mean something that is not there.
 */
export async function fillStack(
  stack: CdkStack,
  settings: Settings,
  assets: readonly BuiltFunction[],
): Promise<void> {
  const network = createNetwork(stack, settings);
  const operatorRole = createOperatorRole(stack, settings.capacity.confusedDeputyProtection);
  const providers = providersOf(settings).map((own) =>
    createProvider(stack, own, { network, operatorRole }),
  );
  const functions = assets.map((built) => {
    const on = providers.find(({ keys }) => keys.includes(built.name));
    if (!on) throw new TypeError(`the function ${built.name} has no capacity provider`);
    return createFunction(stack, settings, built, on.resource);
  });
  createPauseSchedules(stack, settings, functions);
  if (settings.ttl !== undefined) createExpiry(stack);
  createOutputs(stack, { network, operatorRole, providers, functions });
  const misplaced = addExtraParts(stack, settings);
  if (settings.stack) {
    refuseIssues(misplaced);
    await settings.stack(stack, {
      settings,
      env: settings.environment,
      resource: (name) => namedResource(name, settings, stack),
    });
  }
  refuseIssues([
    ...misplaced,
    ...applyOverrides(stack, settings),
    ...unknownReferences(stack, settings),
  ]);
}

/** A capacity provider with its log group. */
function createProvider(
  stack: CdkStack,
  { name, capacity, functions }: ProviderSettings,
  parts: Pick<CapacityProviderParts, "network" | "operatorRole">,
): StackProvider {
  const id = providerConstructId(name);
  const logGroup = createLogGroup(
    stack,
    `${id}Logs`,
    capacityProviderLogGroup(stack.stackName, name),
    capacity.logRetention,
  );
  const resource = createCapacityProvider(stack, id, capacity, { ...parts, logGroup });
  return { id, resource, logGroup, keys: functions.map(([key]) => key) };
}
