import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { number, requiredText, tagChanges, tagMap, text } from "./properties.ts";
import { createNamed, deleteNamed } from "./repeatable.ts";

const taken = ["ResourceAlreadyExistsException"];
const missing = ["ResourceNotFoundException"];

function call(context: ResourceContext, operation: string, input: object) {
  return context.call("logs", operation, input, context.caller);
}

function arnOf(name: string, context: ResourceContext): string {
  return `arn:aws:logs:${context.caller.region}:${context.caller.accountId}:log-group:${name}`;
}

function describeGroup(name: string, context: ResourceContext): ProvisionedResource {
  return { physicalId: name, attributes: { Arn: `${arnOf(name, context)}:*` } };
}

async function putRetention(name: string, properties: Properties, context: ResourceContext) {
  const retentionInDays = number(properties, "RetentionInDays");
  if (retentionInDays === undefined) {
    await call(context, "DeleteRetentionPolicy", { logGroupName: name });
  } else {
    await call(context, "PutRetentionPolicy", { logGroupName: name, retentionInDays });
  }
}

export const logGroup: ResourceType = {
  type: "AWS::Logs::LogGroup",
  async create(properties, context) {
    const name = text(properties, "LogGroupName") ?? context.generateName(512);
    const kmsKeyId = text(properties, "KmsKeyId");
    const logGroupClass = text(properties, "LogGroupClass");
    await createNamed(context, name, taken, () =>
      call(context, "CreateLogGroup", {
        logGroupName: name,
        tags: tagMap(properties, context),
        ...(kmsKeyId ? { kmsKeyId } : {}),
        ...(logGroupClass ? { logGroupClass } : {}),
      }),
    );
    context.initiated?.(name);
    if (properties["RetentionInDays"] !== undefined) await putRetention(name, properties, context);
    return describeGroup(name, context);
  },
  async update(physicalId, properties, previous, context) {
    if (number(properties, "RetentionInDays") !== number(previous, "RetentionInDays")) {
      await putRetention(physicalId, properties, context);
    }
    const { set, removedKeys } = tagChanges(properties, previous, context);
    const resourceArn = arnOf(physicalId, context);
    if (removedKeys.length > 0)
      await call(context, "UntagResource", { resourceArn, tagKeys: removedKeys });
    if (set.length > 0) {
      const tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
      await call(context, "TagResource", { resourceArn, tags });
    }
    return describeGroup(physicalId, context);
  },
  async delete(physicalId, _properties, context) {
    await deleteNamed(context, physicalId, missing, () =>
      call(context, "DeleteLogGroup", { logGroupName: physicalId }),
    );
  },
};

export const logStream: ResourceType = {
  type: "AWS::Logs::LogStream",
  async create(properties, context) {
    const logGroupName = requiredText(properties, "LogGroupName");
    const logStreamName = text(properties, "LogStreamName") ?? context.generateName(512);
    await createNamed(context, `${logGroupName}:${logStreamName}`, taken, () =>
      call(context, "CreateLogStream", { logGroupName, logStreamName }),
    );
    return { physicalId: logStreamName, attributes: {} };
  },
  // Every property of a stream is part of its identity.
  update: async (physicalId) => ({ physicalId, attributes: {} }),
  async delete(physicalId, properties, context) {
    const logGroupName = requiredText(properties, "LogGroupName");
    await deleteNamed(context, `${logGroupName}:${physicalId}`, missing, () =>
      call(context, "DeleteLogStream", { logGroupName, logStreamName: physicalId }),
    );
  },
};
