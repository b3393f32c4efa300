import path from "node:path";
import type { Stack } from "aws-cdk-lib/core";
import { createAliases, type FunctionAlias } from "./aliases.ts";
import { createAsyncInvoke } from "./async-invoke.ts";
import type { BuiltFunction } from "./built-function.ts";
import { createEvents } from "./events/create-events.ts";
import type { EventOutput } from "./events/event-parts.ts";
import type { CapacityProvider } from "./capacity-provider.ts";
import { CfnFunction, FileAssetPackaging, Stage } from "./cdk.ts";
import { templateVariables } from "./environment-variables.ts";
import { createFunctionUrl, type FunctionUrl } from "./function-url.ts";
import { createLogGroup, type LogGroup } from "./log-groups.ts";
import { constructId, deployedFunctionName, functionLogGroup } from "./names.ts";
import { capacityOf } from "./providers.ts";
import { createExecutionRole, permitEvents, type Role } from "./roles.ts";
import type { FunctionSettings, Settings } from "./settings.ts";

export interface StackFunction {
  /** Suffix of outputs when there are several. */
  readonly id: string;
  readonly resource: InstanceType<typeof CfnFunction>;
  readonly logGroup: LogGroup;
  readonly url: FunctionUrl | undefined;
  readonly aliases: readonly FunctionAlias[];
  /** Of its event sources. */
  readonly outputs: readonly EventOutput[];
}

/**
 * One function on the capacity provider. It has no `Version` resource unless an alias asks for one: a second active
 * version runs, and costs, a second minimum of environments. CloudFormation publishes every change to
 * `$LATEST.PUBLISHED` (Lambda developer guide, lambda-managed-instances-version-publishing).
 */
export function createFunction(
  stack: Stack,
  settings: Settings,
  built: BuiltFunction,
  provider: CapacityProvider,
): StackFunction {
  const own = functionSettings(settings, built.name);
  const id = constructId(built.name);
  const functionName = deployedFunctionName(built.name, settings.environment);
  const logGroup = createLogGroup(
    stack,
    `${id}Logs`,
    functionLogGroup(functionName),
    own.logRetention,
  );
  const role = createExecutionRole(stack, {
    id: `${id}Role`,
    functionName,
    logGroupArn: logGroup.attrArn,
    confusedDeputyProtection: settings.capacity.confusedDeputyProtection,
    own,
  });
  const code = stack.synthesizer.addFileAsset({
    // Relative to the assembly, so that the assembly may move.
    fileName: path.relative(Stage.of(stack)?.outdir ?? "", built.assetPath),
    sourceHash: built.assetHash,
    packaging: FileAssetPackaging.FILE,
    displayName: `Code of ${functionName}`,
  });
  const properties = {
    functionName,
    runtime: own.runtime,
    handler: built.handler,
    architectures: [capacityOf(settings, own).architecture],
    role: role.attrArn,
    code: { s3Bucket: code.bucketName, s3Key: code.objectKey },
    memorySize: own.memory,
    ephemeralStorage: { size: own.ephemeralStorage },
    timeout: own.timeout,
    ...environment(own, built),
    ...logging(own, logGroup),
    ...optional(own),
    ...managedInstances(own, provider),
    ...scaling(own),
    publishToLatestPublished: true,
  };
  const resource = new CfnFunction(stack, id, properties);
  const aliases = createAliases(stack, { id, resource, properties, settings, key: built.name });
  if (own.asyncInvoke) createAsyncInvoke(stack, id, resource, own.asyncInvoke);
  const url = own.url && createFunctionUrl(stack, id, resource, own.url);
  const outputs = addEvents(role, {
    stack,
    id,
    target: resource,
    own,
    environment: settings.environment,
  });
  return { id, resource, logGroup, url, aliases, outputs };
}

/** The event sources, and what the role must be allowed for them. */
function addEvents(role: Role, parts: Parameters<typeof createEvents>[0]): EventOutput[] {
  const events = createEvents(parts);
  permitEvents(
    role,
    events.flatMap(({ statements }) => statements),
  );
  return events.flatMap(({ outputs = [] }) => outputs);
}

function functionSettings(settings: Settings, name: string): FunctionSettings {
  const own = settings.functions[name];
  if (!own) throw new TypeError(`no settings for the built function ${name}`);
  return own;
}

/** Managed Instances refuse any other format than JSON. */
function logging({ logLevel, systemLogLevel }: FunctionSettings, logGroup: LogGroup) {
  const levels = {
    ...(logLevel ? { applicationLogLevel: logLevel } : {}),
    ...(systemLogLevel ? { systemLogLevel } : {}),
  };
  return { loggingConfig: { logFormat: "JSON", logGroup: logGroup.ref, ...levels } };
}

/** What stands in the template only where settings ask for it. */
function optional(own: FunctionSettings) {
  return {
    ...(own.tracing ? { tracingConfig: { mode: "Active" } } : {}),
    ...(own.layers.length > 0 ? { layers: [...own.layers] } : {}),
    ...(own.deadLetterArn ? { deadLetterConfig: { targetArn: own.deadLetterArn } } : {}),
    ...(own.kmsKeyArn ? { kmsKeyArn: own.kmsKeyArn } : {}),
  };
}

function managedInstances(own: FunctionSettings, provider: CapacityProvider) {
  return {
    capacityProviderConfig: {
      lambdaManagedInstancesCapacityProviderConfig: {
        capacityProviderArn: provider.attrArn,
        executionEnvironmentMemoryGiBPerVCpu: own.memoryPerVCpu,
        ...(own.concurrency === undefined
          ? {}
          : { perExecutionEnvironmentMaxConcurrency: own.concurrency }),
      },
    },
  };
}

function scaling({ minEnvironments, maxEnvironments }: FunctionSettings) {
  if (minEnvironments === undefined || maxEnvironments === undefined) return {};
  return {
    functionScalingConfig: {
      minExecutionEnvironments: minEnvironments,
      maxExecutionEnvironments: maxEnvironments,
    },
  };
}

/** Source maps are of use only when Node reads them; the user's own NODE_OPTIONS win. */
function environment(own: FunctionSettings, built: BuiltFunction) {
  const variables = {
    ...(built.hasSourceMap ? { NODE_OPTIONS: "--enable-source-maps" } : {}),
    ...templateVariables(own.environment),
  };
  return Object.keys(variables).length === 0 ? {} : { environment: { variables } };
}
