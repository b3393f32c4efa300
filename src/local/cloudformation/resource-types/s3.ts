import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import {
  changed,
  documentText,
  flag,
  number,
  object,
  objects,
  pick,
  requiredText,
  tagList,
  text,
} from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const ownBucket = ["BucketAlreadyOwnedByYou"];
const missing = ["NoSuchBucket", "NoSuchBucketPolicy"];

function call(context: ResourceContext, operation: string, input: object) {
  return context.call("s3", operation, input, context.caller);
}

type Call = [operation: string, input: object];

/** Each property that configures a bucket, and the call that sets it. What is not here is kept in the template only. */
const settings: Readonly<Record<string, (bucket: string, properties: Properties) => Call>> = {
  BucketEncryption: (Bucket, properties) => [
    "PutBucketEncryption",
    {
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: objects(
          object(properties, "BucketEncryption"),
          "ServerSideEncryptionConfiguration",
        ).map((rule) => ({
          ...pick(rule, ["BucketKeyEnabled"]),
          ApplyServerSideEncryptionByDefault: rule["ServerSideEncryptionByDefault"],
        })),
      },
    },
  ],
  VersioningConfiguration: (Bucket, properties) => [
    "PutBucketVersioning",
    {
      Bucket,
      VersioningConfiguration: {
        Status: text(object(properties, "VersioningConfiguration"), "Status"),
      },
    },
  ],
  PublicAccessBlockConfiguration: (Bucket, properties) => {
    const block = object(properties, "PublicAccessBlockConfiguration");
    return [
      "PutPublicAccessBlock",
      {
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: flag(block, "BlockPublicAcls") ?? false,
          BlockPublicPolicy: flag(block, "BlockPublicPolicy") ?? false,
          IgnorePublicAcls: flag(block, "IgnorePublicAcls") ?? false,
          RestrictPublicBuckets: flag(block, "RestrictPublicBuckets") ?? false,
        },
      },
    ];
  },
  NotificationConfiguration: (Bucket, properties) => [
    "PutBucketNotificationConfiguration",
    {
      Bucket,
      NotificationConfiguration: notifications(object(properties, "NotificationConfiguration")),
    },
  ],
  LifecycleConfiguration: (Bucket, properties) => [
    "PutBucketLifecycleConfiguration",
    {
      Bucket,
      LifecycleConfiguration: {
        Rules: objects(object(properties, "LifecycleConfiguration"), "Rules").map(lifecycleRule),
      },
    },
  ],
};

/**
 * What is called when the template stops giving a property. Versioning that was on once can only be suspended
 * (S3 user guide, "Using versioning in S3 buckets").
 */
const whenAbsent: Readonly<Record<string, (bucket: string) => Call>> = {
  BucketEncryption: (Bucket) => ["DeleteBucketEncryption", { Bucket }],
  VersioningConfiguration: (Bucket) => [
    "PutBucketVersioning",
    { Bucket, VersioningConfiguration: { Status: "Suspended" } },
  ],
  PublicAccessBlockConfiguration: (Bucket) => ["DeletePublicAccessBlock", { Bucket }],
  LifecycleConfiguration: (Bucket) => ["DeleteBucketLifecycle", { Bucket }],
  NotificationConfiguration: (Bucket) => [
    "PutBucketNotificationConfiguration",
    { Bucket, NotificationConfiguration: {} },
  ],
};

/** CloudFormation's words in S3's: one event each, and other names of targets and filters. */
function notifications(configuration: Properties): object {
  const of = (list: string, target: string, member: string) =>
    objects(configuration, list).map((each, index) => ({
      Id: `${target}${index}`,
      Events: [text(each, "Event")],
      [member]: text(each, target),
      Filter: {
        Key: { FilterRules: objects(object(object(each, "Filter"), "S3Key"), "Rules") },
      },
    }));
  const bridge = configuration["EventBridgeConfiguration"];
  const enabled = flag(object(configuration, "EventBridgeConfiguration"), "EventBridgeEnabled");
  return {
    LambdaFunctionConfigurations: of("LambdaConfigurations", "Function", "LambdaFunctionArn"),
    QueueConfigurations: of("QueueConfigurations", "Queue", "QueueArn"),
    TopicConfigurations: of("TopicConfigurations", "Topic", "TopicArn"),
    ...(bridge === undefined || enabled === false ? {} : { EventBridgeConfiguration: {} }),
  };
}

function lifecycleRule(rule: Properties): object {
  const expirationDays = number(rule, "ExpirationInDays");
  const noncurrentDays =
    number(object(rule, "NoncurrentVersionExpiration"), "NoncurrentDays") ??
    number(rule, "NoncurrentVersionExpirationInDays");
  const abort = number(object(rule, "AbortIncompleteMultipartUpload"), "DaysAfterInitiation");
  return {
    ID: text(rule, "Id"),
    Status: text(rule, "Status"),
    Filter: { Prefix: text(rule, "Prefix") ?? "" },
    ...(expirationDays === undefined ? {} : { Expiration: { Days: expirationDays } }),
    ...(noncurrentDays === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays } }),
    ...(abort === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort } }),
  };
}

const withEffect = new Set(["BucketName", "Tags", ...Object.keys(settings)]);

/** Whether leaving a property aside changes something: `Private` is what every bucket is. */
function isLeftAside(name: string, properties: Properties): boolean {
  return !withEffect.has(name) && !(name === "AccessControl" && properties[name] === "Private");
}

async function configure(
  bucket: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  for (const [name, setting] of Object.entries(settings)) {
    if (!changed(properties, previous, [name])) continue;
    const wanted =
      properties[name] === undefined ? whenAbsent[name]?.(bucket) : setting(bucket, properties);
    // One configuration after the other, as S3 asks (conflicting writes to a bucket are refused).
    if (wanted) await call(context, ...wanted);
  }
  await call(context, "PutBucketTagging", {
    Bucket: bucket,
    Tagging: { TagSet: tagList(properties, context) },
  });
  for (const name of Object.keys(properties).filter((one) => isLeftAside(one, properties))) {
    context.log(`AWS::S3::Bucket ${bucket}: property ${name} has no effect on the local target`);
  }
}

function describeBucket(bucket: string, context: ResourceContext): ProvisionedResource {
  const { region } = context.caller;
  return {
    physicalId: bucket,
    attributes: {
      Arn: `arn:aws:s3:::${bucket}`,
      DomainName: `${bucket}.s3.amazonaws.com`,
      DualStackDomainName: `${bucket}.s3.dualstack.${region}.amazonaws.com`,
      RegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
      WebsiteURL: `http://${bucket}.s3-website-${region}.amazonaws.com`,
    },
  };
}

export const bucket: ResourceType = {
  type: "AWS::S3::Bucket",
  async create(properties, context) {
    const name = text(properties, "BucketName") ?? context.generateName(63, { lowercase: true });
    const { region } = context.caller;
    const location =
      region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
    await createNamed(context, name, ownBucket, async () => {
      // S3 answers a second creation in us-east-1 with success; CloudFormation refuses a bucket that is there.
      if (
        await unlessMissing(["NotFound", ...missing], () =>
          call(context, "HeadBucket", { Bucket: name }),
        )
      ) {
        throw new ServiceError("BucketAlreadyOwnedByYou", `${name} already exists`);
      }
      await call(context, "CreateBucket", { Bucket: name, ...location });
    });
    context.initiated?.(name);
    await configure(name, properties, {}, context);
    return describeBucket(name, context);
  },
  async update(physicalId, properties, previous, context) {
    await configure(physicalId, properties, previous, context);
    return describeBucket(physicalId, context);
  },
  async delete(physicalId, _properties, context) {
    await deleteNamed(context, physicalId, missing, () =>
      call(context, "DeleteBucket", { Bucket: physicalId }),
    );
  },
};

async function putPolicy(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const name = requiredText(properties, "Bucket");
  await call(context, "PutBucketPolicy", {
    Bucket: name,
    Policy: documentText(properties, "PolicyDocument"),
  });
  return { physicalId: name, attributes: {} };
}

export const bucketPolicy: ResourceType = {
  type: "AWS::S3::BucketPolicy",
  create: putPolicy,
  update: (_physicalId, properties, _previous, context) => putPolicy(properties, context),
  async delete(physicalId, _properties, context) {
    await unlessMissing(missing, () => call(context, "DeleteBucketPolicy", { Bucket: physicalId }));
  },
};
