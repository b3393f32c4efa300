import { createHash } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import type { Properties } from "../../../../src/local/cloudformation/resource-type.ts";
import { resourceTypes } from "../../../../src/local/cloudformation/resource-types/registry.ts";
import type { ServiceName, TargetContext } from "../../../../src/local/service.ts";
import { createEc2Service } from "../../../../src/local/services/ec2/service.ts";
import { createEcrService } from "../../../../src/local/services/ecr/service.ts";
import { createIamService } from "../../../../src/local/services/iam/service.ts";
import { createKmsService } from "../../../../src/local/services/kms/service.ts";
import { createLambdaService } from "../../../../src/local/services/lambda/service.ts";
import { createS3Service } from "../../../../src/local/services/s3/service.ts";
import { createSsmService } from "../../../../src/local/services/ssm/service.ts";
import type { Answer, InProcessTarget } from "../../services/in-process-target.ts";
import { inProcessTarget } from "../../services/in-process-target.ts";
import { resourceContext } from "./resource-context.ts";

let local: InProcessTarget;

const lambdaWithBlobs = (target: TargetContext) =>
  createLambdaService({
    ...target,
    blobs: {
      ...target.blobs,
      put: async (bytes) => createHash("sha256").update(bytes).digest("hex"),
    },
  });

beforeEach(() => {
  local = inProcessTarget([
    createEc2Service,
    createEcrService,
    createIamService,
    createKmsService,
    createS3Service,
    createSsmService,
    lambdaWithBlobs,
  ]);
});

const contextOf = (logicalId: string) =>
  resourceContext(local, logicalId, { token: logicalId.toLowerCase() });

function typeOf(name: string) {
  const type = resourceTypes.get(name);
  if (!type) throw new Error(`${name} is not registered`);
  return type;
}

async function make(type: string, properties: Properties): Promise<string> {
  const { physicalId } = await typeOf(type).create(properties, contextOf("Made"));
  return physicalId;
}

/** What a service tells of a resource after the optional properties came and went; and of one that never had them. */
async function afterRemoval(
  type: string,
  required: Properties,
  optional: Properties,
  look: (id: string) => Promise<Answer>,
): Promise<{ before: Answer; during: Answer; after: Answer }> {
  const id = await make(type, required);
  const before = await look(id);
  const full = { ...required, ...optional };
  await typeOf(type).update(id, full, required, contextOf("Made"));
  const during = await look(id);
  await typeOf(type).update(id, required, full, contextOf("Made"));
  return { before, during, after: await look(id) };
}

const answer = (service: ServiceName, operation: string, input: object): Promise<Answer> =>
  local.call(service, operation, input);
const policy = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*", Principal: "*" }],
});
const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};

it("suspends the versioning of a bucket and deletes its other settings", async () => {
  const optional = {
    VersioningConfiguration: { Status: "Enabled" },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } },
      ],
    },
    LifecycleConfiguration: { Rules: [{ Id: "r", Status: "Enabled", ExpirationInDays: 3 }] },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true },
  };
  const Bucket = "removed-properties";
  const { before, during, after } = await afterRemoval(
    "AWS::S3::Bucket",
    { BucketName: Bucket },
    optional,
    async () => [
      await answer("s3", "GetBucketVersioning", { Bucket }),
      await answer("s3", "GetBucketEncryption", { Bucket }),
    ],
  );
  expect(during).toMatchObject([{ Status: "Enabled" }, expect.anything()]);
  expect(during[1]).not.toEqual(before[1]);
  expect(after).toEqual([{ Status: "Suspended" }, before[1]]);
  await expect(answer("s3", "GetBucketLifecycleConfiguration", { Bucket })).rejects.toMatchObject({
    code: "NoSuchLifecycleConfiguration",
  });
  await expect(answer("s3", "GetPublicAccessBlock", { Bucket })).rejects.toMatchObject({
    code: "NoSuchPublicAccessBlockConfiguration",
  });
});

it("takes description, pattern and data type of a parameter away", async () => {
  const { before, during, after } = await afterRemoval(
    "AWS::SSM::Parameter",
    { Name: "/p", Type: "String", Value: "abc" },
    { Description: "d", AllowedPattern: "^a.*$", DataType: "aws:ec2:image" },
    async () => (await answer("ssm", "DescribeParameters", {})).Parameters[0],
  );
  expect(during).toMatchObject({ Description: "d", AllowedPattern: "^a.*$" });
  expect(after).toEqual({ ...before, Version: 3, LastModifiedDate: after.LastModifiedDate });
  await answer("ssm", "PutParameter", { Name: "/p", Value: "xyz", Overwrite: true });
});

it("gives a role its default session, no description and no boundary", async () => {
  const { during, after } = await afterRemoval(
    "AWS::IAM::Role",
    { RoleName: "r", AssumeRolePolicyDocument: trust },
    {
      Description: "d",
      MaxSessionDuration: "7200",
      PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    },
    async () => (await answer("iam", "GetRole", { RoleName: "r" })).Role,
  );
  expect(during).toMatchObject({ Description: "d", MaxSessionDuration: 7200 });
  expect(after).toMatchObject({ Description: "", MaxSessionDuration: 3600 });
  expect(after).not.toHaveProperty("PermissionsBoundary");
});

it("gives an endpoint its private names and full access again, and a subnet its names", async () => {
  const VpcId = await make("AWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" });
  const endpoint = await afterRemoval(
    "AWS::EC2::VPCEndpoint",
    { VpcId, ServiceName: "com.amazonaws.eu-west-1.logs", VpcEndpointType: "Interface" },
    { PolicyDocument: policy("logs:*"), PrivateDnsEnabled: "false" },
    async (id) =>
      (await answer("ec2", "DescribeVpcEndpoints", { VpcEndpointIds: [id] })).VpcEndpoints[0],
  );
  expect(endpoint.during).toMatchObject({ PrivateDnsEnabled: false });
  expect(endpoint.during.PolicyDocument).toContain("logs:*");
  expect(endpoint.after).toEqual(endpoint.before);
  const subnet = await afterRemoval(
    "AWS::EC2::Subnet",
    { VpcId, CidrBlock: "10.0.0.0/24" },
    {
      MapPublicIpOnLaunch: true,
      PrivateDnsNameOptionsOnLaunch: {
        HostnameType: "resource-name",
        EnableResourceNameDnsARecord: true,
      },
    },
    async (id) => (await answer("ec2", "DescribeSubnets", { SubnetIds: [id] })).Subnets[0],
  );
  expect(subnet.during).not.toEqual(subnet.before);
  expect(subnet.after).toEqual(subnet.before);
});

it("gives a key the policy, description and rotation of a new one", async () => {
  const { before, during, after } = await afterRemoval(
    "AWS::KMS::Key",
    {},
    { KeyPolicy: policy("kms:*"), Description: "d", EnableKeyRotation: true },
    async (KeyId) => [
      await answer("kms", "GetKeyPolicy", { KeyId }),
      (await answer("kms", "DescribeKey", { KeyId })).KeyMetadata.Description,
    ],
  );
  expect(before[0].Policy).toContain("key-default-1");
  expect(during).not.toEqual(before);
  expect(after).toEqual(before);
});

it("takes the settings of a repository away", async () => {
  const { before, during, after } = await afterRemoval(
    "AWS::ECR::Repository",
    { RepositoryName: "images" },
    {
      ImageTagMutability: "IMMUTABLE",
      ImageScanningConfiguration: { ScanOnPush: true },
      RepositoryPolicyText: policy("ecr:*"),
    },
    async (name) =>
      (await answer("ecr", "DescribeRepositories", { repositoryNames: [name] })).repositories[0],
  );
  expect(during).not.toEqual(before);
  expect(after).toEqual(before);
  await expect(
    answer("ecr", "GetRepositoryPolicy", { repositoryName: "images" }),
  ).rejects.toMatchObject({ code: "RepositoryPolicyNotFoundException" });
});

async function provider(): Promise<Answer> {
  const input = { CapacityProviderName: "cp" };
  return (await answer("lambda", "GetCapacityProvider", input)).CapacityProvider;
}

async function network() {
  const VpcId = await make("AWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" });
  const SubnetId = await make("AWS::EC2::Subnet", { VpcId, CidrBlock: "10.0.0.0/24" });
  const GroupId = await make("AWS::EC2::SecurityGroup", { VpcId, GroupDescription: "g" });
  await make("AWS::IAM::Role", { RoleName: "r", AssumeRolePolicyDocument: trust });
  return {
    VpcConfig: { SubnetIds: [SubnetId], SecurityGroupIds: [GroupId] },
    PermissionsConfig: { CapacityProviderOperatorRoleArn: "arn:aws:iam::000000000000:role/r" },
  };
}

it("gives a capacity provider the scaling, tags and logging of a new one, whole and in part", async () => {
  const required = { CapacityProviderName: "cp", ...(await network()) };
  const optional = {
    CapacityProviderScalingConfig: {
      MaxVCpuCount: "12",
      ScalingMode: "Manual",
      ScalingPolicies: [
        { PredefinedMetricType: "LambdaCapacityProviderAverageCPUUtilization", TargetValue: 50 },
      ],
    },
    PropagateTags: { Mode: "Explicit", ExplicitTags: [{ Key: "k", Value: "v" }] },
    TelemetryConfig: { LoggingConfig: { LogGroup: "/mine", SystemLogLevel: "DEBUG" } },
  };
  const type = "AWS::Lambda::CapacityProvider";
  const { before, during, after } = await afterRemoval(type, required, optional, provider);
  expect(during).toMatchObject({
    CapacityProviderScalingConfig: { MaxVCpuCount: 12, ScalingMode: "Manual" },
    PropagateTags: { ExplicitTags: { k: "v" } },
    TelemetryConfig: { LoggingConfig: { LogGroup: "/mine", SystemLogLevel: "DEBUG" } },
  });
  const { LastModified: _was, ...new_ } = before;
  expect(after).toEqual({
    ...new_,
    PropagateTags: { Mode: "None" },
    LastModified: expect.anything(),
  });

  const part = { ...required, CapacityProviderScalingConfig: { MaxVCpuCount: "12" } };
  const other = { ...required, CapacityProviderScalingConfig: { ScalingMode: "Auto" } };
  await typeOf(type).update("cp", part, required, contextOf("Made"));
  expect((await provider()).CapacityProviderScalingConfig.MaxVCpuCount).toBe(12);
  await typeOf(type).update("cp", other, part, contextOf("Made"));
  expect((await provider()).CapacityProviderScalingConfig.MaxVCpuCount).toBe(400);
});

const configuration = () => answer("lambda", "GetFunctionConfiguration", { FunctionName: "f" });

const code = { ZipFile: "exports.handler = async () => 1;" };

it("gives a function its log settings, and takes the CORS of its URL away", async () => {
  await make("AWS::IAM::Role", { RoleName: "r", AssumeRolePolicyDocument: trust });
  const required = {
    FunctionName: "f",
    Role: "arn:aws:iam::000000000000:role/r",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: code,
  };
  const type = "AWS::Lambda::Function";
  const LoggingConfig = { LogFormat: "JSON", LogGroup: "/mine", ApplicationLogLevel: "DEBUG" };
  const whole = await afterRemoval(type, required, { LoggingConfig, Timeout: 9 }, configuration);
  expect(whole.during).toMatchObject({ Timeout: 9, LoggingConfig });
  expect(whole.after).toMatchObject({ Timeout: 3, LoggingConfig: whole.before.LoggingConfig });

  const full = { ...required, LoggingConfig };
  const part = { ...required, LoggingConfig: { LogFormat: "JSON" } };
  await typeOf(type).update("f", full, required, contextOf("Made"));
  await typeOf(type).update("f", part, full, contextOf("Made"));
  expect((await configuration()).LoggingConfig).toEqual({
    LogFormat: "JSON",
    LogGroup: "/aws/lambda/f",
    ApplicationLogLevel: "INFO",
    SystemLogLevel: "INFO",
  });

  const url = await afterRemoval(
    "AWS::Lambda::Url",
    { TargetFunctionArn: "f", AuthType: "NONE" },
    { Cors: { AllowOrigins: ["*"] }, InvokeMode: "RESPONSE_STREAM" },
    () => answer("lambda", "GetFunctionUrlConfig", { FunctionName: "f" }),
  );
  expect(url.during).toMatchObject({ Cors: { AllowOrigins: ["*"] } });
  expect(url.after).not.toHaveProperty("Cors");
  expect(url.after.InvokeMode).toBe("BUFFERED");
});
