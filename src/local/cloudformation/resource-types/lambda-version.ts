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
import { scalingInput } from "./lambda-function-input.ts";
import { changed, object, pick, requiredText, text } from "./properties.ts";
import { attemptOf, createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const versionType = "AWS::Lambda::Version";

async function scale(
  FunctionName: string,
  Qualifier: string,
  properties: Properties,
  context: ResourceContext,
) {
  const FunctionScalingConfig = scalingInput(properties);
  // A request without a configuration takes the one before away.
  await callWhenFree(context, "PutFunctionScalingConfig", {
    FunctionName,
    Qualifier,
    ...(FunctionScalingConfig === undefined ? {} : { FunctionScalingConfig }),
  });
}

function describeVersion(arn: string): ProvisionedResource {
  return { physicalId: arn, attributes: { FunctionArn: arn, Version: versionOf(arn) } };
}

function versionOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

async function createVersion(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const FunctionName = requiredText(properties, "FunctionName");
  const published = await callLambda<{ FunctionArn: string; Version: string }>(
    context,
    "PublishVersion",
    {
      FunctionName,
      // Tells the version that this creation made before it was cut off from one that was there.
      ClientToken: attemptOf(context),
      ...pick(properties, ["CodeSha256", "Description"]),
    },
  );
  context.initiated?.(published.FunctionArn);
  if (properties["FunctionScalingConfig"] !== undefined)
    await scale(FunctionName, published.Version, properties, context);
  await untilSettled(versionType, FunctionName, published.Version, context);
  return describeVersion(published.FunctionArn);
}

export const lambdaVersion: ResourceType = {
  type: versionType,
  create: createVersion,
  async update(physicalId, properties, previous, context) {
    if (changed(properties, previous, ["FunctionScalingConfig"])) {
      const FunctionName = requiredText(properties, "FunctionName");
      await scale(FunctionName, versionOf(physicalId), properties, context);
      await untilSettled(versionType, FunctionName, versionOf(physicalId), context);
    }
    return describeVersion(physicalId);
  },
  async delete(physicalId, properties, context) {
    await deleteAndWait(requiredText(properties, "FunctionName"), versionOf(physicalId), context);
  },
};

function aliasInput(properties: Properties): Record<string, unknown> {
  const weights = object(properties, "RoutingConfig")["AdditionalVersionWeights"];
  const pairs = (Array.isArray(weights) ? weights : []).map((weight: Properties) => [
    requiredText(weight, "FunctionVersion"),
    Number(weight["FunctionWeight"]),
  ]);
  return {
    FunctionName: requiredText(properties, "FunctionName"),
    Name: requiredText(properties, "Name"),
    FunctionVersion: requiredText(properties, "FunctionVersion"),
    Description: text(properties, "Description") ?? "",
    RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(pairs) },
  };
}

function describeAlias(arn: string): ProvisionedResource {
  return { physicalId: arn, attributes: { AliasArn: arn } };
}

export const lambdaAlias: ResourceType = {
  type: "AWS::Lambda::Alias",
  async create(properties, context) {
    const input = aliasInput(properties);
    let made: { readonly AliasArn: string } | undefined;
    await createNamed(
      context,
      `${String(input["FunctionName"])}:${String(input["Name"])}`,
      taken,
      async () => (made = await callLambda<{ AliasArn: string }>(context, "CreateAlias", input)),
    );
    made ??= await callLambda<{ AliasArn: string }>(
      context,
      "GetAlias",
      pick(input, ["FunctionName", "Name"]),
    );
    return describeAlias(made.AliasArn);
  },
  async update(physicalId, properties, _previous, context) {
    await callLambda(context, "UpdateAlias", aliasInput(properties));
    return describeAlias(physicalId);
  },
  async delete(_physicalId, properties, context) {
    const input = pick(aliasInput(properties), ["FunctionName", "Name"]);
    await deleteNamed(
      context,
      `${String(input["FunctionName"])}:${String(input["Name"])}`,
      missing,
      () => callLambda(context, "DeleteAlias", input),
    );
  },
};

export const layerVersion: ResourceType = {
  type: "AWS::Lambda::LayerVersion",
  async create(properties, context) {
    const { LayerVersionArn } = await callLambda<{ LayerVersionArn: string }>(
      context,
      "PublishLayerVersion",
      {
        // Lambda takes no token; the local target does, so that a creation that was cut off finds its own version.
        ClientToken: attemptOf(context),
        LayerName: text(properties, "LayerName") ?? context.generateName(140),
        ...pick(properties, [
          "Content",
          "Description",
          "LicenseInfo",
          "CompatibleRuntimes",
          "CompatibleArchitectures",
        ]),
      },
    );
    return { physicalId: LayerVersionArn, attributes: { LayerVersionArn } };
  },
  // Every property of a layer version is part of its identity.
  update: async (physicalId) => ({ physicalId, attributes: { LayerVersionArn: physicalId } }),
  async delete(physicalId, _properties, context) {
    const [LayerName, VersionNumber] = [
      physicalId.slice(0, physicalId.lastIndexOf(":")),
      Number(versionOf(physicalId)),
    ];
    await unlessMissing(missing, () =>
      callLambda(context, "DeleteLayerVersion", { LayerName, VersionNumber }),
    );
  },
};
