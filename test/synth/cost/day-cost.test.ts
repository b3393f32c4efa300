import { expect, test } from "vitest";
import { aDay, instancePerDay, resourcePerDay } from "../../../src/synth/cost/day-cost.ts";

test("an instance costs its price and Lambda's fee, every hour of the day", () => {
  expect(instancePerDay("m7g.large")).toBeCloseTo(0.0816 * 1.15 * 24);
});

test("a type without a price costs what the newest of its class, architecture and size does", () => {
  expect(instancePerDay("c8i.xlarge")).toBe(instancePerDay("c7i.xlarge"));
  expect(instancePerDay("m9g.large")).toBe(instancePerDay("m8g.large"));
  expect(instancePerDay("p5.48xlarge")).toBeUndefined();
});

test.each([
  ["AWS::EC2::NatGateway", {}, 0.045 * 24],
  ["AWS::EC2::EIP", {}, 0.005 * 24],
  ["AWS::EC2::VPCEndpoint", { VpcEndpointType: "Interface", SubnetIds: ["a", "b"] }, 0.48],
  ["AWS::EC2::VPCEndpoint", { VpcEndpointType: "Gateway" }, undefined],
  ["AWS::EC2::VPC", {}, undefined],
])("%s %o costs by the hour", (type, properties, expected) => {
  const perDay = resourcePerDay({ type, properties });
  expect(perDay?.toFixed(4)).toBe(expected?.toFixed(4));
});

test("is told in dollars and cents", () => {
  expect(aDay(5.628)).toBe("≈ $5.63 a day");
});
