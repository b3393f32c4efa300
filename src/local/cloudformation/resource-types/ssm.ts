import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { dropped, requiredText, tagChanges, tagList, text } from "./properties.ts";
import { createNamed, deleteNamed } from "./repeatable.ts";

const taken = ["ParameterAlreadyExists"];
const missing = ["ParameterNotFound"];

function describe(
  name: string,
  properties: Properties,
  context: ResourceContext,
): ProvisionedResource {
  const { accountId, region } = context.caller;
  return {
    physicalId: name,
    attributes: {
      Type: text(properties, "Type"),
      Value: text(properties, "Value"),
      Arn: `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`,
    },
  };
}

/** A parameter that has been in the advanced tier cannot leave it (Systems Manager user guide, "Managing parameter tiers"). */
const whenAbsent = { Description: "", AllowedPattern: "", DataType: "text" };

function input(name: string, properties: Properties) {
  const optional = ["Description", "AllowedPattern", "Tier", "DataType", "Policies"]
    .map((member) => [member, text(properties, member)])
    .filter(([, value]) => value !== undefined);
  return {
    Name: name,
    Type: text(properties, "Type"),
    Value: requiredText(properties, "Value"),
    ...Object.fromEntries(optional),
  };
}

async function changeTags(
  ResourceId: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const { set, removedKeys } = tagChanges(properties, previous, context);
  const resource = { ResourceType: "Parameter", ResourceId };
  if (removedKeys.length > 0) {
    const request = { ...resource, TagKeys: removedKeys };
    await context.call("ssm", "RemoveTagsFromResource", request, context.caller);
  }
  if (set.length > 0) {
    const request = { ...resource, Tags: set };
    await context.call("ssm", "AddTagsToResource", request, context.caller);
  }
}

export const parameter: ResourceType = {
  type: "AWS::SSM::Parameter",
  async create(properties, context) {
    const name = text(properties, "Name") ?? context.generateName(1011);
    await createNamed(context, name, taken, () =>
      context.call(
        "ssm",
        "PutParameter",
        { ...input(name, properties), Tags: tagList(properties, context) },
        context.caller,
      ),
    );
    return describe(name, properties, context);
  },
  async update(physicalId, properties, previous, context) {
    await context.call(
      "ssm",
      "PutParameter",
      {
        ...dropped(properties, previous, whenAbsent),
        ...input(physicalId, properties),
        Overwrite: true,
      },
      context.caller,
    );
    await changeTags(physicalId, properties, previous, context);
    return describe(physicalId, properties, context);
  },
  async delete(physicalId, _properties, context) {
    await deleteNamed(context, physicalId, missing, () =>
      context.call("ssm", "DeleteParameter", { Name: physicalId }, context.caller),
    );
  },
};
