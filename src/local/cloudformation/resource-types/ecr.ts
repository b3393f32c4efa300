import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { changed, documentText, flag, object, tagChanges, tagList, text } from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const taken = ["RepositoryAlreadyExistsException"];
const missing = ["RepositoryNotFoundException"];
const noPolicy = ["RepositoryPolicyNotFoundException", "LifecyclePolicyNotFoundException"];

function call<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: object,
): Promise<Output> {
  return context.call<Output>("ecr", operation, input, context.caller);
}

async function describe(
  repositoryName: string,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const { repositories } = await call<{
    repositories: { repositoryArn: string; repositoryUri: string }[];
  }>(context, "DescribeRepositories", { repositoryNames: [repositoryName] });
  const [found] = repositories;
  return {
    physicalId: repositoryName,
    attributes: { Arn: found?.repositoryArn, RepositoryUri: found?.repositoryUri },
  };
}

async function putPolicies(
  repositoryName: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  if (changed(properties, previous, ["LifecyclePolicy"])) {
    const lifecyclePolicyText = text(object(properties, "LifecyclePolicy"), "LifecyclePolicyText");
    await (lifecyclePolicyText === undefined
      ? unlessMissing(noPolicy, () => call(context, "DeleteLifecyclePolicy", { repositoryName }))
      : call(context, "PutLifecyclePolicy", { repositoryName, lifecyclePolicyText }));
  }
  if (changed(properties, previous, ["RepositoryPolicyText"])) {
    const policyText = documentText(properties, "RepositoryPolicyText");
    await (policyText === undefined
      ? unlessMissing(noPolicy, () => call(context, "DeleteRepositoryPolicy", { repositoryName }))
      : call(context, "SetRepositoryPolicy", { repositoryName, policyText }));
  }
}

function scanning(properties: Properties) {
  return {
    scanOnPush: flag(object(properties, "ImageScanningConfiguration"), "ScanOnPush") ?? false,
  };
}

export const repository: ResourceType = {
  type: "AWS::ECR::Repository",
  async create(properties, context) {
    const repositoryName =
      text(properties, "RepositoryName") ?? context.generateName(256, { lowercase: true });
    await createNamed(context, repositoryName, taken, () =>
      call(context, "CreateRepository", {
        repositoryName,
        imageTagMutability: text(properties, "ImageTagMutability") ?? "MUTABLE",
        imageScanningConfiguration: scanning(properties),
        tags: tagList(properties, context),
      }),
    );
    context.initiated?.(repositoryName);
    await putPolicies(repositoryName, properties, {}, context);
    return describe(repositoryName, context);
  },
  async update(physicalId, properties, previous, context) {
    await putPolicies(physicalId, properties, previous, context);
    if (changed(properties, previous, ["ImageTagMutability"])) {
      const imageTagMutability = text(properties, "ImageTagMutability") ?? "MUTABLE";
      await call(context, "PutImageTagMutability", {
        repositoryName: physicalId,
        imageTagMutability,
      });
    }
    if (changed(properties, previous, ["ImageScanningConfiguration"])) {
      const imageScanningConfiguration = scanning(properties);
      await call(context, "PutImageScanningConfiguration", {
        repositoryName: physicalId,
        imageScanningConfiguration,
      });
    }
    const resource = await describe(physicalId, context);
    const resourceArn = resource.attributes["Arn"];
    const { set, removedKeys } = tagChanges(properties, previous, context);
    if (removedKeys.length > 0)
      await call(context, "UntagResource", { resourceArn, tagKeys: removedKeys });
    if (set.length > 0) await call(context, "TagResource", { resourceArn, tags: set });
    return resource;
  },
  async delete(physicalId, properties, context) {
    const force = flag(properties, "EmptyOnDelete") ?? false;
    await deleteNamed(context, physicalId, missing, () =>
      call(context, "DeleteRepository", {
        repositoryName: physicalId,
        ...(force ? { force } : {}),
      }),
    );
  },
};
