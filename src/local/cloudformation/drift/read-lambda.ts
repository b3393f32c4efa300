import type { Tag } from "../stack-record.ts";
import { ownTags } from "./reader.ts";
import type { ReadContext, Reader } from "./reader.ts";

type Answer = Readonly<Record<string, unknown>>;

async function tagsOf(Resource: unknown, context: ReadContext): Promise<Tag[]> {
  const { Tags } = await context.call<{ Tags?: Record<string, string> }>("lambda", "ListTags", {
    Resource,
  });
  return ownTags(Tags, context);
}

async function scaling(FunctionName: string, context: ReadContext): Promise<unknown> {
  if (context.resource.properties["FunctionScalingConfig"] === undefined) return undefined;
  const answer = await context.call<Answer>("lambda", "GetFunctionScalingConfig", {
    FunctionName,
    Qualifier: "$LATEST.PUBLISHED",
  });
  return answer["RequestedFunctionScalingConfig"];
}

const lambdaFunction: Reader = async (FunctionName, context) => {
  const answer = await context.call<
    Answer & { readonly FunctionArn: string; readonly Layers?: readonly { Arn: string }[] }
  >("lambda", "GetFunctionConfiguration", { FunctionName });
  const { KMSKeyArn, Layers, ...others } = answer;
  return {
    // Lambda leaves out what is not set.
    Environment: undefined,
    DeadLetterConfig: undefined,
    VpcConfig: undefined,
    ...others,
    Description: others["Description"] ?? "",
    KmsKeyArn: KMSKeyArn,
    Layers: Layers?.map(({ Arn }) => Arn),
    FunctionScalingConfig: await scaling(FunctionName, context),
    Tags: await tagsOf(answer.FunctionArn, context),
  };
};

const alias: Reader = async (arn, { call }) => {
  const parts = arn.split(":");
  const answer = await call<Answer>("lambda", "GetAlias", {
    FunctionName: parts.slice(0, 7).join(":"),
    Name: parts[7],
  });
  return {
    Name: answer["Name"],
    FunctionVersion: answer["FunctionVersion"],
    Description: answer["Description"],
  };
};

const version: Reader = async (arn, { call }) => {
  const parts = arn.split(":");
  const answer = await call<Answer>("lambda", "GetFunctionConfiguration", {
    FunctionName: parts.slice(0, 7).join(":"),
    Qualifier: parts[7],
  });
  return { Description: answer["Description"] };
};

const capacityProvider: Reader = async (CapacityProviderName, context) => {
  const { CapacityProvider } = await context.call<{
    CapacityProvider: Answer & { readonly State: string; readonly CapacityProviderArn: string };
  }>("lambda", "GetCapacityProvider", { CapacityProviderName });
  if (CapacityProvider.State === "Deleting") return undefined;
  const { PropagateTags: _map, ...members } = CapacityProvider;
  return {
    ...members,
    CapacityProviderName,
    Tags: await tagsOf(CapacityProvider.CapacityProviderArn, context),
  };
};

const functionUrl: Reader = async (arn, { call }) => {
  const parts = arn.split(":");
  return call<Answer>("lambda", "GetFunctionUrlConfig", {
    FunctionName: parts.slice(0, 7).join(":"),
    ...(parts[7] === undefined ? {} : { Qualifier: parts[7] }),
  });
};

const eventInvokeConfig: Reader = async (id, { call }) => {
  const [FunctionName, Qualifier] = id.split("|");
  const answer = await call<Answer>("lambda", "GetFunctionEventInvokeConfig", {
    FunctionName,
    Qualifier,
  });
  return {
    MaximumEventAgeInSeconds: answer["MaximumEventAgeInSeconds"],
    MaximumRetryAttempts: answer["MaximumRetryAttempts"],
    DestinationConfig: answer["DestinationConfig"],
  };
};

const eventSourceMapping: Reader = async (UUID, context) => {
  const answer = await context.call<
    Answer & { readonly State: string; readonly FunctionArn: string } & {
      readonly EventSourceMappingArn: string;
    }
  >("lambda", "GetEventSourceMapping", { UUID });
  if (answer.State === "Deleting") return undefined;
  const { FunctionName } = context.resource.properties;
  const named = typeof FunctionName === "string" && FunctionName.startsWith("arn:");
  const { KMSKeyArn, SelfManagedEventSource: _servers, ...others } = answer;
  return {
    FilterCriteria: undefined,
    ScalingConfig: undefined,
    ...others,
    Enabled: answer.State !== "Disabled" && answer.State !== "Disabling",
    FunctionName: named ? answer.FunctionArn : answer.FunctionArn.split(":")[6],
    KmsKeyArn: KMSKeyArn,
    Tags: await tagsOf(answer.EventSourceMappingArn, context),
  };
};

export const lambdaReaders: Readonly<Record<string, Reader>> = {
  "AWS::Lambda::Function": lambdaFunction,
  "AWS::Lambda::Alias": alias,
  "AWS::Lambda::Version": version,
  "AWS::Lambda::CapacityProvider": capacityProvider,
  "AWS::Lambda::Url": functionUrl,
  "AWS::Lambda::EventInvokeConfig": eventInvokeConfig,
  "AWS::Lambda::EventSourceMapping": eventSourceMapping,
};
