import { ServiceError } from "../../service-error.ts";
import type { Tag } from "../stack-record.ts";
import { document, ownTags } from "./reader.ts";
import type { ReadContext, Reader } from "./reader.ts";

type Answer = Readonly<Record<string, unknown>>;

const logGroup: Reader = async (name, context) => {
  const { logGroups } = await context.call<{
    logGroups: readonly (Answer & {
      readonly logGroupName: string;
      readonly logGroupArn: string;
    })[];
  }>("logs", "DescribeLogGroups", { logGroupNamePrefix: name });
  const found = logGroups.find(({ logGroupName }) => logGroupName === name);
  if (!found) return undefined;
  const { tags } = await context.call<{ tags?: Record<string, string> }>(
    "logs",
    "ListTagsForResource",
    { resourceArn: found.logGroupArn },
  );
  return {
    LogGroupName: name,
    RetentionInDays: found["retentionInDays"],
    KmsKeyId: found["kmsKeyId"],
    LogGroupClass: found["logGroupClass"],
    Tags: ownTags(tags, context),
  };
};

const logStream: Reader = async (name, { call, resource }) => {
  const { LogGroupName } = resource.properties;
  const { logStreams } = await call<{ logStreams: readonly { readonly logStreamName: string }[] }>(
    "logs",
    "DescribeLogStreams",
    { logGroupName: LogGroupName, logStreamNamePrefix: name },
  );
  return logStreams.some(({ logStreamName }) => logStreamName === name)
    ? { LogGroupName, LogStreamName: name }
    : undefined;
};

const parameter: Reader = async (Name, { call }) => {
  const { Parameter } = await call<{ Parameter: Answer }>("ssm", "GetParameter", { Name });
  return {
    Name,
    Type: Parameter["Type"],
    Value: Parameter["Value"],
    DataType: Parameter["DataType"],
  };
};

/** What a bucket has no setting of is told by an error of its own; a bucket that is gone, by NoSuchBucket. */
async function setting<Output extends object>(
  Bucket: string,
  operation: string,
  { call }: ReadContext,
): Promise<Partial<Output>> {
  try {
    return await call<Output>("s3", operation, { Bucket });
  } catch (error) {
    if (error instanceof ServiceError && error.code !== "NoSuchBucket") return {};
    throw error;
  }
}

const bucket: Reader = async (BucketName, context) => {
  const read = <Output extends object>(operation: string) =>
    setting<Output>(BucketName, operation, context);
  const { Status } = await read<{ Status: string }>("GetBucketVersioning");
  const access = await read<Answer>("GetPublicAccessBlock");
  const { TagSet } = await read<{ TagSet: readonly Tag[] }>("GetBucketTagging");
  return {
    BucketName,
    VersioningConfiguration: Status === undefined ? undefined : { Status },
    PublicAccessBlockConfiguration: access["PublicAccessBlockConfiguration"],
    Tags: ownTags(TagSet, context),
  };
};

const bucketPolicy: Reader = async (_id, { call, resource }) => {
  const { Bucket } = resource.properties;
  const { Policy } = await call<{ Policy: string }>("s3", "GetBucketPolicy", { Bucket });
  return { Bucket, PolicyDocument: document(Policy) };
};

const repository: Reader = async (name, { call }) => {
  const { repositories } = await call<{ repositories: readonly Answer[] }>(
    "ecr",
    "DescribeRepositories",
    { repositoryNames: [name] },
  );
  const found = repositories[0];
  const scanning = found?.["imageScanningConfiguration"] as Answer | undefined;
  return (
    found && {
      RepositoryName: name,
      ImageTagMutability: found["imageTagMutability"],
      ImageScanningConfiguration: scanning && { ScanOnPush: scanning["scanOnPush"] },
    }
  );
};

const key: Reader = async (KeyId, { call }) => {
  const { KeyMetadata } = await call<{ KeyMetadata: Answer }>("kms", "DescribeKey", { KeyId });
  if (KeyMetadata["KeyState"] === "PendingDeletion") return undefined;
  const { Policy } = await call<{ Policy: string }>("kms", "GetKeyPolicy", {
    KeyId,
    PolicyName: "default",
  });
  return {
    Description: KeyMetadata["Description"],
    Enabled: KeyMetadata["Enabled"],
    KeySpec: KeyMetadata["KeySpec"],
    KeyUsage: KeyMetadata["KeyUsage"],
    KeyPolicy: document(Policy),
  };
};

export const storageReaders: Readonly<Record<string, Reader>> = {
  "AWS::Logs::LogGroup": logGroup,
  "AWS::Logs::LogStream": logStream,
  "AWS::SSM::Parameter": parameter,
  "AWS::S3::Bucket": bucket,
  "AWS::S3::BucketPolicy": bucketPolicy,
  "AWS::ECR::Repository": repository,
  "AWS::KMS::Key": key,
};
