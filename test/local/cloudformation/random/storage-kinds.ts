import { allow, att, document, managed, maybe, ref, tags, trust } from "./kind.ts";
import type { Kind } from "./kind.ts";

export const identity: Readonly<Record<string, Kind>> = {
  Role: {
    type: "AWS::IAM::Role",
    needs: [],
    properties: (pick) => ({
      AssumeRolePolicyDocument: trust,
      ...pick({}, {}, { RoleName: "random-role" }),
      ...maybe(pick, "Description", "one", "two"),
      ...maybe(pick, "MaxSessionDuration", 3600, 7200),
      ...maybe(pick, "PermissionsBoundary", managed("ReadOnlyAccess")),
      ...maybe(
        pick,
        "ManagedPolicyArns",
        [managed("ReadOnlyAccess")],
        [managed("AdministratorAccess")],
      ),
      ...maybe(pick, "Policies", [{ PolicyName: pick("p", "q"), PolicyDocument: allow("s3:*") }]),
      Tags: tags(pick),
    }),
    attribute: "Arn",
    look: (RoleName) => ["iam", "GetRole", { RoleName }],
  },
  Policy: {
    type: "AWS::IAM::Policy",
    needs: ["Role"],
    properties: (pick) => ({
      PolicyName: pick("inline-a", "inline-b"),
      PolicyDocument: allow(pick("ec2:*", "iam:*")),
      Roles: [ref("Role")],
    }),
  },
  Managed: {
    type: "AWS::IAM::ManagedPolicy",
    needs: ["Role"],
    properties: (pick) => ({
      PolicyDocument: allow(pick("sqs:*", "sns:*")),
      Description: pick("one", "one", "two"),
      ...maybe(pick, "Roles", [ref("Role")]),
    }),
    look: (PolicyArn) => ["iam", "GetPolicy", { PolicyArn }],
  },
};

export const storage: Readonly<Record<string, Kind>> = {
  Logs: {
    type: "AWS::Logs::LogGroup",
    needs: [],
    properties: (pick) => ({
      ...pick({}, { LogGroupName: pick("/random/a", "/random/b") }),
      ...maybe(pick, "RetentionInDays", 1, 7),
      Tags: tags(pick),
    }),
    attribute: "Arn",
    look: (logGroupNamePrefix) => ["logs", "DescribeLogGroups", { logGroupNamePrefix }],
  },
  Stream: {
    type: "AWS::Logs::LogStream",
    needs: ["Logs"],
    properties: (pick) => ({ LogGroupName: ref("Logs"), LogStreamName: pick("s-1", "s-2") }),
  },
  Bucket: {
    type: "AWS::S3::Bucket",
    needs: [],
    properties: (pick) => ({
      ...pick({}, { BucketName: pick("random-bucket-a", "random-bucket-b") }),
      ...maybe(pick, "VersioningConfiguration", { Status: pick("Enabled", "Suspended") }),
      ...maybe(pick, "BucketEncryption", {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: pick("AES256", "aws:kms") } },
        ],
      }),
      ...maybe(pick, "LifecycleConfiguration", {
        Rules: [{ Id: "r", Status: "Enabled", ExpirationInDays: pick(1, 7) }],
      }),
      ...maybe(pick, "PublicAccessBlockConfiguration", { BlockPublicAcls: pick(true, false) }),
      Tags: tags(pick),
    }),
    attribute: "Arn",
    look: (Bucket) => ["s3", "HeadBucket", { Bucket }],
  },
  BucketPolicy: {
    type: "AWS::S3::BucketPolicy",
    needs: ["Bucket"],
    properties: (pick) => ({
      Bucket: ref("Bucket"),
      PolicyDocument: document({
        Effect: pick("Allow", "Deny"),
        Principal: "*",
        Action: "s3:GetObject",
        Resource: { "Fn::Join": ["/", [att("Bucket", "Arn"), "*"]] },
      }),
    }),
    look: (Bucket) => ["s3", "GetBucketPolicy", { Bucket }],
  },
  Key: {
    type: "AWS::KMS::Key",
    needs: [],
    properties: (pick) => ({
      ...maybe(pick, "Description", "one", "two"),
      ...maybe(pick, "EnableKeyRotation", true, false),
      ...maybe(
        pick,
        "KeyPolicy",
        document({
          Effect: "Allow",
          Principal: { AWS: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" } },
          Action: pick("kms:*", "kms:Decrypt"),
          Resource: "*",
        }),
      ),
    }),
    attribute: "Arn",
    look: (KeyId) => ["kms", "DescribeKey", { KeyId }],
  },
  KeyAlias: {
    type: "AWS::KMS::Alias",
    needs: ["Key"],
    properties: (pick) => ({
      AliasName: pick("alias/random-a", "alias/random-b"),
      TargetKeyId: ref("Key"),
    }),
    look: () => ["kms", "ListAliases", {}],
  },
  Repository: {
    type: "AWS::ECR::Repository",
    needs: [],
    properties: (pick) => ({
      ...pick({}, { RepositoryName: pick("images/a", "images/b") }),
      ...maybe(pick, "ImageTagMutability", "MUTABLE", "IMMUTABLE"),
      ...maybe(pick, "ImageScanningConfiguration", { ScanOnPush: pick(true, false) }),
      ...maybe(pick, "RepositoryPolicyText", allow(pick("ecr:*", "ecr:ListImages"))),
      Tags: tags(pick),
    }),
    attribute: "Arn",
    look: (name) => ["ecr", "DescribeRepositories", { repositoryNames: [name] }],
  },
  Parameter: {
    type: "AWS::SSM::Parameter",
    needs: ["Logs"],
    properties: (pick) => ({
      ...pick({}, { Name: pick("/random/a", "/random/b") }),
      Type: "String",
      Value: { "Fn::Sub": `${pick("x", "y")} \${Logs} \${Logs.Arn}` },
      ...maybe(pick, "Description", "one", "two"),
      ...maybe(pick, "AllowedPattern", "^[xy] .*$", "^. .*$"),
    }),
    attribute: "Value",
    look: (Name) => ["ssm", "GetParameter", { Name }],
  },
};
