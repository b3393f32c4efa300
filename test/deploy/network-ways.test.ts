import { expect, test } from "vitest";
import { networkWays } from "../../src/deploy/network-ways.ts";

const route = (target: Readonly<Record<string, unknown>>) => ({
  DestinationCidrBlock: "0.0.0.0/0",
  RouteTableId: { Ref: "Table" },
  ...target,
});
const added = (newResourceType: string, newProperties: Readonly<Record<string, unknown>>) => ({
  newResourceType,
  newProperties,
});

test.each([
  [{ NatGatewayId: { Ref: "Nat" } }, "reaches 0.0.0.0/0 through a NAT gateway"],
  [{ GatewayId: { Ref: "Internet" } }, "reaches 0.0.0.0/0 through an internet gateway"],
  [{ CarrierGatewayId: "cagw-1" }, "reaches 0.0.0.0/0 through another target"],
])("a route that is new", (target, words) => {
  const changes = { Route: added("AWS::EC2::Route", route(target)) };
  expect(networkWays(changes)).toEqual([{ logicalId: "Route", sign: "+", words }]);
});

test("a route that turns to another target closes one way and opens another", () => {
  const change = {
    oldResourceType: "AWS::EC2::Route",
    oldProperties: route({ GatewayId: { Ref: "Internet" } }),
    ...added("AWS::EC2::Route", route({ NatGatewayId: { Ref: "Nat" } })),
  };
  expect(networkWays({ Route: change }).map(({ sign }) => sign)).toEqual(["-", "+"]);
});

test.each([
  ["com.amazonaws.us-east-1.logs", "logs"],
  ["com.amazonaws.eu-west-1.ecr.api", "ecr.api"],
  [{ "Fn::Join": ["", ["com.amazonaws.", { Ref: "AWS::Region" }, ".s3"]] }, "s3"],
])("an endpoint leads to its service: %j", (ServiceName, service) => {
  const changes = { Logs: added("AWS::EC2::VPCEndpoint", { ServiceName }) };
  expect(networkWays(changes)).toMatchObject([{ words: `reaches ${service} through an endpoint` }]);
});

test("what stays as it is, and other resources, say nothing", () => {
  const properties = route({ NatGatewayId: { Ref: "Nat" } });
  const same = { oldResourceType: "AWS::EC2::Route", oldProperties: properties };
  const changes = {
    Route: { ...same, ...added("AWS::EC2::Route", { ...properties, RouteTableId: "other" }) },
    Vpc: added("AWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }),
  };
  expect(networkWays(changes)).toEqual([]);
});
