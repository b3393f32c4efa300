import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import { beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../../src/local/cloudformation/resource-type.ts";
import { resourceTypes } from "../../../../src/local/cloudformation/resource-types/registry.ts";
import { createEc2Service } from "../../../../src/local/services/ec2/service.ts";
import { createIamService } from "../../../../src/local/services/iam/service.ts";
import { createLambdaService } from "../../../../src/local/services/lambda/service.ts";
import type { TargetContext } from "../../../../src/local/service.ts";
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
  local = inProcessTarget([createEc2Service, createIamService, lambdaWithBlobs]);
});

/** One attempt to make a resource; the same again is what a restart does. */
const attempt = (logicalId: string, token = logicalId) =>
  resourceContext(local, logicalId, {
    token,
    stackTags: [{ Key: "aws:cloudformation:logical-id", Value: logicalId }],
  });

const ec2 = (operation: string): Promise<Answer> => local.call("ec2", operation);
const iam = (operation: string): Promise<Answer> => local.call("iam", operation, { RoleName: "r" });

function typeOf(name: string) {
  const type = resourceTypes.get(name);
  if (!type) throw new Error(`${name} is not registered`);
  return type;
}

async function make(
  type: string,
  properties: Properties,
  context = attempt(type.split("::")[2] ?? ""),
) {
  return await typeOf(type).create(properties, context);
}

const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};
const allow = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** Makes it twice in the same attempt, and tells what came out. */
async function twice(type: string, properties: Properties): Promise<string> {
  const first = await make(type, properties);
  const second = await make(type, properties);
  expect(second).toEqual(first);
  return first.physicalId;
}

describe("a creation that is repeated after a restart", () => {
  it("makes a network once", async () => {
    const VpcId = await twice("AWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" });
    const SubnetId = await twice("AWS::EC2::Subnet", {
      VpcId,
      CidrBlock: "10.0.0.0/24",
      MapPublicIpOnLaunch: "true",
    });
    await twice("AWS::EC2::VPCCidrBlock", { VpcId, AmazonProvidedIpv6CidrBlock: true });
    await twice("AWS::EC2::VPCCidrBlock", { VpcId, CidrBlock: "10.1.0.0/16" });
    const RouteTableId = await twice("AWS::EC2::RouteTable", { VpcId });
    await twice("AWS::EC2::SubnetRouteTableAssociation", { RouteTableId, SubnetId });
    const InternetGatewayId = await twice("AWS::EC2::InternetGateway", {});
    await twice("AWS::EC2::VPCGatewayAttachment", { VpcId, InternetGatewayId });
    await twice("AWS::EC2::Route", {
      RouteTableId,
      DestinationCidrBlock: "0.0.0.0/0",
      GatewayId: InternetGatewayId,
    });
    const address = await make("AWS::EC2::EIP", {});
    await twice("AWS::EC2::NatGateway", {
      SubnetId,
      AllocationId: address.attributes["AllocationId"],
    });
    const GroupId = await twice("AWS::EC2::SecurityGroup", {
      VpcId,
      GroupDescription: "g",
      SecurityGroupEgress: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "0.0.0.0/0" }],
    });
    await twice("AWS::EC2::SecurityGroupIngress", {
      GroupId,
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      CidrIp: "10.0.0.0/16",
    });
    await twice("AWS::EC2::VPCEndpoint", {
      VpcId,
      ServiceName: "com.amazonaws.eu-west-1.s3",
      RouteTableIds: [RouteTableId],
    });

    expect((await ec2("DescribeVpcs")).Vpcs).toHaveLength(1);
    expect((await ec2("DescribeSubnets")).Subnets).toMatchObject([{ MapPublicIpOnLaunch: true }]);
    expect((await ec2("DescribeNatGateways")).NatGateways).toHaveLength(1);
    expect((await ec2("DescribeVpcEndpoints")).VpcEndpoints).toHaveLength(1);
    const { SecurityGroups } = await ec2("DescribeSecurityGroups");
    expect(SecurityGroups.find((group: Answer) => group.GroupId === GroupId)).toMatchObject({
      IpPermissions: [{ FromPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/16" }] }],
      IpPermissionsEgress: [{ FromPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
  });

  it("makes roles and policies once", async () => {
    const role = await twice("AWS::IAM::Role", { RoleName: "r", AssumeRolePolicyDocument: trust });
    await twice("AWS::IAM::Policy", { PolicyName: "inline", PolicyDocument: allow, Roles: [role] });
    await twice("AWS::IAM::ManagedPolicy", {
      ManagedPolicyName: "managed",
      PolicyDocument: allow,
      Roles: [role],
    });
    await twice("AWS::IAM::InstanceProfile", { InstanceProfileName: "p", Roles: [role] });
    expect((await iam("ListRolePolicies")).PolicyNames).toEqual(["inline"]);
    expect((await iam("ListAttachedRolePolicies")).AttachedPolicies).toMatchObject([
      { PolicyName: "managed" },
    ]);
  });

  it("publishes a layer version once, and another one in another attempt", async () => {
    const Content = { ZipFile: zipSync({ "a.txt": strToU8("a") }) };
    const layer = { LayerName: "layer", Content };
    const type = "AWS::Lambda::LayerVersion";
    const first = await twice(type, layer);
    expect(first).toMatch(/:layer:layer:1$/);
    const second = await make(type, layer, attempt("Other"));
    expect(second.physicalId).toMatch(/:layer:layer:2$/);
    await typeOf(type).delete(first, layer, attempt("LayerVersion"));
    const left: Answer = await local.call("lambda", "ListLayerVersions", { LayerName: "layer" });
    expect(left.LayerVersions).toMatchObject([{ Version: 2 }]);
  });

  it("still refuses a name that somebody else has", async () => {
    await make(
      "AWS::IAM::Role",
      { RoleName: "r", AssumeRolePolicyDocument: trust },
      attempt("One"),
    );
    const other = make(
      "AWS::IAM::Role",
      { RoleName: "r", AssumeRolePolicyDocument: trust },
      attempt("Two"),
    );
    await expect(other).rejects.toMatchObject({ code: "EntityAlreadyExistsException" });
    const again = make(
      "AWS::IAM::Role",
      { RoleName: "r", AssumeRolePolicyDocument: trust },
      attempt("Two"),
    );
    await expect(again).rejects.toMatchObject({ code: "EntityAlreadyExistsException" });
  });
});

describe("an update in place", () => {
  it("changes policies, trust and tags of a role", async () => {
    const before = {
      RoleName: "r",
      AssumeRolePolicyDocument: trust,
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      Policies: [{ PolicyName: "a", PolicyDocument: allow }],
      Tags: [{ Key: "old", Value: "1" }],
    };
    const after = {
      RoleName: "r",
      AssumeRolePolicyDocument: { ...trust, Id: "new" },
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/PowerUserAccess"],
      Policies: [{ PolicyName: "b", PolicyDocument: allow }],
      Tags: [{ Key: "new", Value: "2" }],
    };
    const context = attempt("Role");
    await make("AWS::IAM::Role", before, context);
    await typeOf("AWS::IAM::Role").update("r", after, before, context);
    expect((await iam("ListAttachedRolePolicies")).AttachedPolicies).toMatchObject([
      { PolicyName: "PowerUserAccess" },
    ]);
    expect((await iam("ListRolePolicies")).PolicyNames).toEqual(["b"]);
    const { Role } = await iam("GetRole");
    expect(decodeURIComponent(Role.AssumeRolePolicyDocument)).toContain('"Id":"new"');
    expect(Role.Tags.map((tag: Answer) => tag.Key)).toEqual([
      "aws:cloudformation:logical-id",
      "new",
    ]);
  });

  it("changes the rules of a group, and lets everything out again when the template names no egress", async () => {
    const { physicalId: VpcId } = await make("AWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" });
    const before = {
      VpcId,
      GroupDescription: "g",
      SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, CidrIp: "0.0.0.0/0" }],
      SecurityGroupEgress: [
        { IpProtocol: "icmp", FromPort: 252, ToPort: 86, CidrIp: "255.255.255.255/32" },
      ],
    };
    const context = attempt("Group");
    const { physicalId } = await make("AWS::EC2::SecurityGroup", before, context);
    await typeOf("AWS::EC2::SecurityGroup").update(
      physicalId,
      { VpcId, GroupDescription: "g" },
      before,
      context,
    );
    const answer: Answer = await local.call("ec2", "DescribeSecurityGroups", {
      GroupIds: [physicalId],
    });
    expect(answer.SecurityGroups).toMatchObject([
      {
        IpPermissions: [],
        IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      },
    ]);
  });
});

it("deletes what is gone already without an error", async () => {
  const removed: readonly [string, string, Properties][] = [
    ["AWS::EC2::VPC", "vpc-1", {}],
    ["AWS::EC2::Subnet", "subnet-1", {}],
    ["AWS::EC2::SecurityGroup", "sg-1", {}],
    [
      "AWS::EC2::SecurityGroupIngress",
      "sgr-1",
      { GroupId: "sg-1", IpProtocol: "-1", CidrIp: "0.0.0.0/0" },
    ],
    ["AWS::EC2::RouteTable", "rtb-1", {}],
    ["AWS::EC2::SubnetRouteTableAssociation", "rtbassoc-1", {}],
    [
      "AWS::EC2::Route",
      "rtb-1|0.0.0.0/0",
      { RouteTableId: "rtb-1", DestinationCidrBlock: "0.0.0.0/0" },
    ],
    ["AWS::EC2::InternetGateway", "igw-1", {}],
    ["AWS::EC2::VPCGatewayAttachment", "IGW|vpc-1", { VpcId: "vpc-1", InternetGatewayId: "igw-1" }],
    ["AWS::EC2::EIP", "203.0.113.1", {}],
    ["AWS::EC2::NatGateway", "nat-1", {}],
    ["AWS::EC2::VPCEndpoint", "vpce-1", {}],
    ["AWS::IAM::Role", "r", { Policies: [{ PolicyName: "a" }] }],
    ["AWS::IAM::Policy", "p", { PolicyName: "a", Roles: ["r"] }],
    ["AWS::IAM::ManagedPolicy", "arn:aws:iam::000000000000:policy/p", { Roles: ["r"] }],
    ["AWS::IAM::InstanceProfile", "p", { Roles: ["r"] }],
  ];
  const results = await Promise.allSettled(
    removed.map(([type, physicalId, properties]) =>
      typeOf(type).delete(physicalId, properties, attempt(type)),
    ),
  );
  expect(
    results.map((result) => (result.status === "rejected" ? String(result.reason) : "")),
  ).toEqual(removed.map(() => ""));
});
