import type { Operation } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Bucket, S3Store } from "./s3-store.ts";

/**
 * Settings of a bucket that are kept and given back. Versioning changes what objects do; the others have no effect
 * here: nothing is encrypted, expired, logged or replicated, and policies are not evaluated.
 */
interface Setting {
  /** Name in the stored bucket. */
  readonly name: string;
  readonly put: string;
  readonly get: string;
  readonly delete?: string;
  /** Member of the input that is kept. */
  readonly member: string;
  /** Member of the output that gives it back; without one its members are the output's own. */
  readonly output?: string;
  /** What a new bucket answers: AWS's default, or the code of an error. */
  readonly otherwise: object | string;
  /** The error's code once the default was deleted; without one the default comes back. */
  readonly deleted?: string;
}

const settings: readonly Setting[] = [
  {
    name: "encryption",
    put: "PutBucketEncryption",
    get: "GetBucketEncryption",
    delete: "DeleteBucketEncryption",
    member: "ServerSideEncryptionConfiguration",
    output: "ServerSideEncryptionConfiguration",
    otherwise: {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
            BucketKeyEnabled: false,
          },
        ],
      },
    },
  },
  {
    name: "versioning",
    put: "PutBucketVersioning",
    get: "GetBucketVersioning",
    member: "VersioningConfiguration",
    otherwise: {},
  },
  {
    name: "lifecycle",
    put: "PutBucketLifecycleConfiguration",
    get: "GetBucketLifecycleConfiguration",
    delete: "DeleteBucketLifecycle",
    member: "LifecycleConfiguration",
    otherwise: "NoSuchLifecycleConfiguration",
  },
  {
    name: "policy",
    put: "PutBucketPolicy",
    get: "GetBucketPolicy",
    delete: "DeleteBucketPolicy",
    member: "Policy",
    output: "Policy",
    otherwise: "NoSuchBucketPolicy",
  },
  {
    name: "publicAccessBlock",
    put: "PutPublicAccessBlock",
    get: "GetPublicAccessBlock",
    delete: "DeletePublicAccessBlock",
    member: "PublicAccessBlockConfiguration",
    output: "PublicAccessBlockConfiguration",
    // On since April 2023 for every new bucket.
    otherwise: {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    },
    deleted: "NoSuchPublicAccessBlockConfiguration",
  },
  {
    name: "tagging",
    put: "PutBucketTagging",
    get: "GetBucketTagging",
    delete: "DeleteBucketTagging",
    member: "Tagging",
    otherwise: "NoSuchTagSet",
  },
  {
    name: "ownershipControls",
    put: "PutBucketOwnershipControls",
    get: "GetBucketOwnershipControls",
    delete: "DeleteBucketOwnershipControls",
    member: "OwnershipControls",
    output: "OwnershipControls",
    otherwise: { OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } },
    deleted: "OwnershipControlsNotFoundError",
  },
  {
    name: "cors",
    put: "PutBucketCors",
    get: "GetBucketCors",
    delete: "DeleteBucketCors",
    member: "CORSConfiguration",
    otherwise: "NoSuchCORSConfiguration",
  },
  {
    name: "logging",
    put: "PutBucketLogging",
    get: "GetBucketLogging",
    member: "BucketLoggingStatus",
    otherwise: {},
  },
  {
    name: "notification",
    put: "PutBucketNotificationConfiguration",
    get: "GetBucketNotificationConfiguration",
    member: "NotificationConfiguration",
    otherwise: {},
  },
];

type Input = Readonly<Record<string, unknown>> & { readonly Bucket?: string };

export function bucketSettingOperations(store: S3Store): Record<string, Operation> {
  return Object.assign({}, ...settings.map((setting) => operationsOf(setting, store))) as Record<
    string,
    Operation
  >;
}

function operationsOf(setting: Setting, store: S3Store): Record<string, Operation> {
  const operations: Record<string, Operation> = {
    [setting.put]: async (input: Input) => {
      const bucket = store.bucket(input.Bucket);
      const value = input[setting.member];
      if (value === undefined) throw missingBody();
      if (setting.name === "policy") checkPolicy(value as string);
      store.putBucket(withSetting(bucket, setting.name, value));
      return {};
    },
    [setting.get]: async (input: Input) => outputOf(setting, store.bucket(input.Bucket)),
  };
  if (setting.delete !== undefined) {
    operations[setting.delete] = async (input: Input) => {
      const none = setting.deleted === undefined ? undefined : null;
      store.putBucket(withSetting(store.bucket(input.Bucket), setting.name, none));
      return {};
    };
  }
  return operations;
}

function outputOf(setting: Setting, bucket: Bucket): object {
  const value = bucket.settings[setting.name];
  if (value !== undefined && value !== null)
    return setting.output === undefined ? value : { [setting.output]: value };
  const otherwise = (value === null ? setting.deleted : undefined) ?? setting.otherwise;
  if (typeof otherwise === "object") return otherwise;
  throw new ServiceError(otherwise, missingTexts[otherwise] ?? "The configuration does not exist", {
    status: 404,
    members: { BucketName: bucket.name },
  });
}

const missingTexts: Readonly<Record<string, string>> = {
  NoSuchLifecycleConfiguration: "The lifecycle configuration does not exist",
  NoSuchBucketPolicy: "The bucket policy does not exist",
  NoSuchTagSet: "The TagSet does not exist",
  NoSuchCORSConfiguration: "The CORS configuration does not exist",
  NoSuchPublicAccessBlockConfiguration: "The public access block configuration was not found",
  OwnershipControlsNotFoundError: "The bucket ownership controls were not found",
};

function withSetting(bucket: Bucket, name: string, value: unknown): Bucket {
  return { ...bucket, settings: { ...bucket.settings, [name]: value } };
}

function checkPolicy(policy: string): void {
  try {
    JSON.parse(policy);
  } catch {
    const message = "This policy contains invalid Json";
    throw new ServiceError("MalformedPolicy", message, { status: 400 });
  }
}

function missingBody(): ServiceError {
  return new ServiceError("MissingRequestBodyError", "Request Body is empty", { status: 400 });
}
