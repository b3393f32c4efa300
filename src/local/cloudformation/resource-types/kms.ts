import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { changed, documentText, flag, number, pick, requiredText, tagList } from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const taken = ["AlreadyExistsException"];
const missing = ["NotFoundException"];
/** Days until a key is gone (KMS API reference, ScheduleKeyDeletion). */
const defaultPendingDays = 30;

function call<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: object,
): Promise<Output> {
  return context.call<Output>("kms", operation, input, context.caller);
}

/** What a key has that is given no policy (KMS developer guide, "Default key policy"). */
function policyOf(properties: Properties, context: ResourceContext): string {
  const given = documentText(properties, "KeyPolicy");
  if (given !== undefined) return given;
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${context.caller.accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}

async function describe(KeyId: string, context: ResourceContext): Promise<ProvisionedResource> {
  const { KeyMetadata } = await call<{ KeyMetadata: { Arn: string } }>(context, "DescribeKey", {
    KeyId,
  });
  return { physicalId: KeyId, attributes: { KeyId, Arn: KeyMetadata.Arn } };
}

async function putRotation(KeyId: string, properties: Properties, context: ResourceContext) {
  const rotates = flag(properties, "EnableKeyRotation") ?? false;
  await call(context, rotates ? "EnableKeyRotation" : "DisableKeyRotation", { KeyId });
}

export const key: ResourceType = {
  type: "AWS::KMS::Key",
  async create(properties, context) {
    const { KeyMetadata } = await call<{ KeyMetadata: { KeyId: string } }>(context, "CreateKey", {
      ...pick(properties, ["Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin"]),
      Policy: policyOf(properties, context),
      Tags: tagList(properties, context).map(({ Key, Value }) => ({
        TagKey: Key,
        TagValue: Value,
      })),
    });
    context.initiated?.(KeyMetadata.KeyId);
    if (flag(properties, "EnableKeyRotation"))
      await putRotation(KeyMetadata.KeyId, properties, context);
    return describe(KeyMetadata.KeyId, context);
  },
  async update(physicalId, properties, previous, context) {
    if (changed(properties, previous, ["KeyPolicy"])) {
      await call(context, "PutKeyPolicy", {
        KeyId: physicalId,
        PolicyName: "default",
        Policy: policyOf(properties, context),
      });
    }
    if (changed(properties, previous, ["Description"])) {
      const Description = requiredText(properties, "Description");
      await call(context, "UpdateKeyDescription", { KeyId: physicalId, Description });
    }
    if (changed(properties, previous, ["EnableKeyRotation"]))
      await putRotation(physicalId, properties, context);
    return describe(physicalId, context);
  },
  async delete(physicalId, properties, context) {
    const PendingWindowInDays = number(properties, "PendingWindowInDays") ?? defaultPendingDays;
    // Scheduled already by a deletion that was interrupted: as good as gone.
    await unlessMissing([...missing, "KMSInvalidStateException"], () =>
      call(context, "ScheduleKeyDeletion", { KeyId: physicalId, PendingWindowInDays }),
    );
  },
};

export const alias: ResourceType = {
  type: "AWS::KMS::Alias",
  async create(properties, context) {
    const AliasName = requiredText(properties, "AliasName");
    const TargetKeyId = requiredText(properties, "TargetKeyId");
    await createNamed(context, AliasName, taken, () =>
      call(context, "CreateAlias", { AliasName, TargetKeyId }),
    );
    return { physicalId: AliasName, attributes: {} };
  },
  async update(physicalId, properties, _previous, context) {
    const TargetKeyId = requiredText(properties, "TargetKeyId");
    await call(context, "UpdateAlias", { AliasName: physicalId, TargetKeyId });
    return { physicalId, attributes: {} };
  },
  async delete(physicalId, _properties, context) {
    await deleteNamed(context, physicalId, missing, () =>
      call(context, "DeleteAlias", { AliasName: physicalId }),
    );
  },
};
