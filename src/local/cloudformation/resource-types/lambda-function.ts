import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import {
  callLambda,
  callWhenFree,
  deleteAndWait,
  missing,
  taken,
  untilSettled,
} from "./lambda-call.ts";
import {
  codeInput,
  configurationChanges,
  configurationInput,
  configurationNames,
  onManagedInstances,
  scalingInput,
} from "./lambda-function-input.ts";
import { changed, flag, number, pick, tagChanges, tagMap, text } from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const type = "AWS::Lambda::Function";
const nameLength = 64;
const latestPublished = "$LATEST.PUBLISHED";

const withoutEffect = ["CodeSigningConfigArn", "RecursiveLoop", "RuntimeManagementConfig"];

/** CloudFormation publishes functions on Managed Instances by itself, unless the template says no. */
function publishes(properties: Properties): boolean {
  return onManagedInstances(properties) && flag(properties, "PublishToLatestPublished") !== false;
}

function refuseManagedSettings(properties: Properties): void {
  if (onManagedInstances(properties)) return;
  if (
    properties["PublishToLatestPublished"] === undefined &&
    properties["FunctionScalingConfig"] === undefined
  )
    return;
  throw new ServiceError(
    "InvalidParameterValueException",
    "PublishToLatestPublished or FunctionScalingConfig cannot be specified unless creating a Lambda Managed Instance function",
  );
}

async function describe(
  FunctionName: string,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const { FunctionArn } = await untilSettled(type, FunctionName, undefined, context);
  return {
    physicalId: FunctionName,
    attributes: {
      Arn: FunctionArn.split(":").slice(0, 7).join(":"),
      SnapStartResponse: {},
      "SnapStartResponse.ApplyOn": "None",
      "SnapStartResponse.OptimizationStatus": "Off",
    },
  };
}

/** False when there is no published version yet that could be scaled. */
async function putScaling(
  FunctionName: string,
  properties: Properties,
  context: ResourceContext,
): Promise<boolean> {
  const FunctionScalingConfig = scalingInput(properties);
  const answer = await unlessMissing(missing, () =>
    callWhenFree(context, "PutFunctionScalingConfig", {
      FunctionName,
      Qualifier: latestPublished,
      ...(FunctionScalingConfig === undefined ? {} : { FunctionScalingConfig }),
    }),
  );
  return answer !== undefined;
}

interface Release {
  readonly publish: boolean;
  readonly scale: boolean;
}

/** Publishes and scales; the scaling comes first where it can, so that the version starts with its own minimum. */
async function release(
  FunctionName: string,
  properties: Properties,
  { publish, scale }: Release,
  context: ResourceContext,
) {
  const scaled = scale && (await putScaling(FunctionName, properties, context));
  if (publish) {
    await callWhenFree(context, "PublishVersion", { FunctionName, PublishTo: "LATEST_PUBLISHED" });
    if (scale && !scaled) await putScaling(FunctionName, properties, context);
  }
  const settle = () => untilSettled(type, FunctionName, latestPublished, context);
  if (publish) await settle();
  // Where nothing was published yet, the scaling waits for the first version.
  else if (scaled) await unlessMissing(missing, settle);
}

async function putConcurrency(
  FunctionName: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const reserved = number(properties, "ReservedConcurrentExecutions");
  if (reserved === number(previous, "ReservedConcurrentExecutions")) return;
  await (reserved === undefined
    ? callLambda(context, "DeleteFunctionConcurrency", { FunctionName })
    : callLambda(context, "PutFunctionConcurrency", {
        FunctionName,
        ReservedConcurrentExecutions: reserved,
      }));
}

async function create(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  refuseManagedSettings(properties);
  const FunctionName = text(properties, "FunctionName") ?? context.generateName(nameLength);
  const Code = await codeInput(properties);
  await createNamed(context, FunctionName, taken, () =>
    callLambda(context, "CreateFunction", {
      FunctionName,
      Code,
      ...configurationInput(properties),
      ...pick(properties, ["Architectures", "PackageType", "DurableConfig", "TenancyConfig"]),
      Tags: tagMap(properties, context),
    }),
  );
  for (const name of withoutEffect.filter((candidate) => properties[candidate] !== undefined)) {
    context.log(`${type} ${FunctionName}: property ${name} has no effect on the local target`);
  }
  context.initiated?.(FunctionName);
  const resource = await describe(FunctionName, context);
  await putConcurrency(FunctionName, properties, {}, context);
  const scale = properties["FunctionScalingConfig"] !== undefined;
  await release(FunctionName, properties, { publish: publishes(properties), scale }, context);
  return resource;
}

async function updateTags(
  arn: unknown,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const { set, removedKeys } = tagChanges(properties, previous, context);
  if (removedKeys.length > 0)
    await callLambda(context, "UntagResource", { Resource: arn, TagKeys: removedKeys });
  if (set.length === 0) return;
  const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
  await callLambda(context, "TagResource", { Resource: arn, Tags });
}

async function update(
  FunctionName: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  refuseManagedSettings(properties);
  const codeChanged = changed(properties, previous, ["Code", "Architectures"]);
  if (codeChanged) {
    const input = {
      FunctionName,
      ...(await codeInput(properties)),
      ...pick(properties, ["Architectures"]),
    };
    await callWhenFree(context, "UpdateFunctionCode", input);
    await untilSettled(type, FunctionName, undefined, context);
  }
  const configurationChanged = changed(properties, previous, configurationNames);
  if (configurationChanged) {
    const input = { FunctionName, ...configurationChanges(FunctionName, properties, previous) };
    await callWhenFree(context, "UpdateFunctionConfiguration", input);
  }
  const resource = await describe(FunctionName, context);
  await putConcurrency(FunctionName, properties, previous, context);
  const published = publishes(properties);
  const newlyPublished = published && !publishes(previous);
  await release(
    FunctionName,
    properties,
    {
      publish: published && (codeChanged || configurationChanged || newlyPublished),
      scale: changed(properties, previous, ["FunctionScalingConfig"]),
    },
    context,
  );
  await updateTags(resource.attributes["Arn"], properties, previous, context);
  return resource;
}

async function remove(
  FunctionName: string,
  _properties: Properties,
  context: ResourceContext,
): Promise<void> {
  await deleteNamed(context, FunctionName, missing, () =>
    deleteAndWait(FunctionName, undefined, context),
  );
}

export const lambdaFunction: ResourceType = { type, create, update, delete: remove };
