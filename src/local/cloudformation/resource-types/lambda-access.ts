import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callLambda, missing, taken } from "./lambda-call.ts";
import { flag, number, pick, requiredText, text } from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

/** Name and qualifier of `name`, `name:qualifier`, or the ARN of a function, version or alias. */
function splitFunction(reference: string): { FunctionName: string; Qualifier?: string } {
  const parts = reference.split(":");
  const own = reference.startsWith("arn:") ? 7 : 1;
  const FunctionName = parts.slice(0, own).join(":");
  const Qualifier = parts[own];
  return Qualifier === undefined ? { FunctionName } : { FunctionName, Qualifier };
}

export const permission: ResourceType = {
  type: "AWS::Lambda::Permission",
  async create(properties, context) {
    const StatementId = context.generateName(100);
    const functionUrl = flag(properties, "InvokedViaFunctionUrl");
    await createNamed(context, StatementId, taken, () =>
      callLambda(context, "AddPermission", {
        ...splitFunction(requiredText(properties, "FunctionName")),
        StatementId,
        ...pick(properties, [
          "Action",
          "Principal",
          "SourceArn",
          "SourceAccount",
          "EventSourceToken",
          "PrincipalOrgID",
          "FunctionUrlAuthType",
        ]),
        ...(functionUrl === undefined ? {} : { InvokedViaFunctionUrl: functionUrl }),
      }),
    );
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  // Every property of a permission is part of its identity.
  update: async (physicalId) => ({ physicalId, attributes: { Id: physicalId } }),
  async delete(physicalId, properties, context) {
    await deleteNamed(context, physicalId, missing, () =>
      callLambda(context, "RemovePermission", {
        ...splitFunction(requiredText(properties, "FunctionName")),
        StatementId: physicalId,
      }),
    );
  },
};

interface UrlAnswer {
  readonly FunctionArn: string;
  readonly FunctionUrl: string;
}

function urlInput(properties: Properties) {
  const { FunctionName, Qualifier } = splitFunction(requiredText(properties, "TargetFunctionArn"));
  const qualifier = text(properties, "Qualifier") ?? Qualifier;
  return { FunctionName, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
}

function describeUrl({ FunctionArn, FunctionUrl }: UrlAnswer): ProvisionedResource {
  return { physicalId: FunctionArn, attributes: { FunctionArn, FunctionUrl } };
}

export const functionUrl: ResourceType = {
  type: "AWS::Lambda::Url",
  async create(properties, context) {
    const input = urlInput(properties);
    let made: UrlAnswer | undefined;
    const make = async () => {
      made = await callLambda<UrlAnswer>(context, "CreateFunctionUrlConfig", {
        ...input,
        ...pick(properties, ["AuthType", "Cors", "InvokeMode"]),
      });
    };
    const name = `${input.FunctionName}:url:${input.Qualifier ?? ""}`;
    await createNamed(context, name, taken, make);
    return describeUrl(
      made ?? (await callLambda<UrlAnswer>(context, "GetFunctionUrlConfig", input)),
    );
  },
  async update(_physicalId, properties, _previous, context) {
    const answer = await callLambda<UrlAnswer>(context, "UpdateFunctionUrlConfig", {
      ...urlInput(properties),
      AuthType: properties["AuthType"],
      Cors: properties["Cors"] ?? {},
      InvokeMode: properties["InvokeMode"] ?? "BUFFERED",
    });
    return describeUrl(answer);
  },
  async delete(_physicalId, properties, context) {
    const input = urlInput(properties);
    await deleteNamed(context, `${input.FunctionName}:url:${input.Qualifier ?? ""}`, missing, () =>
      callLambda(context, "DeleteFunctionUrlConfig", input),
    );
  },
};

async function putEventInvokeConfig(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const FunctionName = requiredText(properties, "FunctionName");
  const Qualifier = requiredText(properties, "Qualifier");
  const age = number(properties, "MaximumEventAgeInSeconds");
  const retries = number(properties, "MaximumRetryAttempts");
  await callLambda(context, "PutFunctionEventInvokeConfig", {
    FunctionName,
    Qualifier,
    ...pick(properties, ["DestinationConfig"]),
    ...(age === undefined ? {} : { MaximumEventAgeInSeconds: age }),
    ...(retries === undefined ? {} : { MaximumRetryAttempts: retries }),
  });
  return { physicalId: `${FunctionName}|${Qualifier}`, attributes: {} };
}

export const eventInvokeConfig: ResourceType = {
  type: "AWS::Lambda::EventInvokeConfig",
  create: putEventInvokeConfig,
  update: (_physicalId, properties, _previous, context) =>
    putEventInvokeConfig(properties, context),
  async delete(_physicalId, properties, context) {
    await unlessMissing(missing, () =>
      callLambda(
        context,
        "DeleteFunctionEventInvokeConfig",
        pick(properties, ["FunctionName", "Qualifier"]),
      ),
    );
  },
};
