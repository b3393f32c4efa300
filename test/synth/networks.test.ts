import { describe, expect, it } from "vitest";
import { monthlyCost } from "../../src/synth/cost/monthly-cost.ts";
import { checkSettings } from "../../src/synth/rules.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";
import { ofType, properties, templateOf } from "./template.ts";

const ids = (template: Awaited<ReturnType<typeof templateOf>>, type: string) =>
  ofType(template, type).map(([id]) => id);

const codes = (network: SettingsInput["network"]) =>
  checkSettings(settingsOf({ network })).map(({ code }) => code);

describe("NAT gateways", () => {
  it("stand in each zone where that is asked, each with a route table of its own", async () => {
    const template = await templateOf({ network: { azs: 3, natGateways: "each" } });
    expect(ids(template, "AWS::EC2::NatGateway")).toEqual([
      "NatGateway",
      "NatGateway2",
      "NatGateway3",
    ]);
    for (const number of ["2", "3"]) {
      expect(properties(template, `DefaultRoute${number}`)).toMatchObject({
        NatGatewayId: { Ref: `NatGateway${number}` },
        RouteTableId: { Ref: `RouteTable${number}` },
      });
      expect(properties(template, `Subnet${number}RouteTableAssociation`)["RouteTableId"]).toEqual({
        Ref: `RouteTable${number}`,
      });
      expect(properties(template, `NatSubnet${number}`)["AvailabilityZone"]).toEqual(
        properties(template, `Subnet${number}`)["AvailabilityZone"],
      );
    }
    expect(template.Resources["CapacityProvider"]?.DependsOn).toEqual(
      expect.arrayContaining(["DefaultRoute", "DefaultRoute2", "DefaultRoute3"]),
    );
  });

  it("keep the names of the first zone's resources, so that none is replaced", async () => {
    const one = await templateOf({ network: { azs: 2 } });
    const each = await templateOf({ network: { azs: 2, natGateways: "each" } });
    for (const id of ["NatGateway", "NatSubnet", "NatAddress", "DefaultRoute", "RouteTable"])
      expect(each.Resources[id]).toEqual(one.Resources[id]);
  });

  it("are said to make no difference where they make none, and cost each", () => {
    expect(codes({ natGateways: "each" })).toEqual(["nat-gateways-unused"]);
    expect(codes({ natGateways: "each", azs: 2, egress: "public" })).toEqual([
      "nat-gateways-unused",
    ]);
    expect(codes({ natGateways: "each", azs: 2 })).toEqual([]);
    const { items } = monthlyCost(settingsOf({ network: { natGateways: "each", azs: 3 } }));
    // 3 × $0.045 × 730 h
    expect(items.find(({ kind }) => kind === "nat")).toMatchObject({ label: "3 NAT gateways" });
    expect(items.find(({ kind }) => kind === "nat")?.monthly).toBeCloseTo(98.55, 2);
  });
});

describe("endpoints", () => {
  const shop: SettingsInput = {
    network: { egress: "endpoints", azs: 2, endpoints: ["dynamodb", "secretsmanager"] },
    functions: {
      api: {
        tracing: true,
        deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:failed",
        policies: [{ Action: ["dynamodb:GetItem", "kinesis:PutRecord"], Resource: "*" }],
      },
    },
  };

  it("are those that functions need and those that settings name", async () => {
    const template = await templateOf(shop);
    expect(ids(template, "AWS::EC2::VPCEndpoint")).toEqual([
      "LogsEndpoint",
      "S3Endpoint",
      "XrayEndpoint",
      "SqsEndpoint",
      "DynamodbEndpoint",
      "SecretsmanagerEndpoint",
    ]);
    expect(properties(template, "DynamodbEndpoint")).toMatchObject({
      VpcEndpointType: "Gateway",
      RouteTableIds: [{ Ref: "RouteTable" }],
    });
    expect(properties(template, "XrayEndpoint")).toMatchObject({
      VpcEndpointType: "Interface",
      SubnetIds: [{ Ref: "Subnet1" }, { Ref: "Subnet2" }],
    });
  });

  it("can be added to any new VPC", async () => {
    const template = await templateOf({ network: { endpoints: ["s3"] } });
    expect(ids(template, "AWS::EC2::VPCEndpoint")).toEqual(["S3Endpoint"]);
    expect(template.Resources).not.toHaveProperty("EndpointSecurityGroup");
  });

  it("are missed where policies allow calls that nothing leads to", () => {
    const warnings = checkSettings(settingsOf(shop));
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ["endpoint-missing", expect.stringContaining("has no kinesis-streams")],
    ]);
  });

  it("cost by zone, gateways nothing", () => {
    const { items } = monthlyCost(settingsOf(shop));
    expect(items.filter(({ kind }) => kind === "endpoint").map(({ label }) => label)).toEqual([
      "CloudWatch Logs endpoint in 2 zones",
      "xray endpoint in 2 zones",
      "sqs endpoint in 2 zones",
      "secretsmanager endpoint in 2 zones",
    ]);
    // $0.01 × 2 zones × 730 h
    expect(items.at(-1)?.monthly).toBeCloseTo(14.6, 6);
  });
});

describe("a VPC that exists", () => {
  it("gets a security group of the stack's unless one is named", async () => {
    const template = await templateOf({
      network: { vpcId: "vpc-12345678", subnetIds: ["subnet-12345678"] },
    });
    expect(ids(template, "AWS::EC2::SecurityGroup")).toEqual(["SecurityGroup"]);
    expect(properties(template, "SecurityGroup")["VpcId"]).toBe("vpc-12345678");
    expect(properties(template, "CapacityProvider")["VpcConfig"]).toEqual({
      SecurityGroupIds: [{ "Fn::GetAtt": ["SecurityGroup", "GroupId"] }],
      SubnetIds: ["subnet-12345678"],
    });
    expect(ids(template, "AWS::EC2::VPC")).toEqual([]);
  });
});
