import {
  GatewayVpcEndpointAwsService,
  InstanceClass,
  InterfaceVpcEndpointAwsService,
} from "aws-cdk-lib/aws-ec2";
import { expect, test } from "vitest";
import { endpointServices, instanceFamilies } from "../../src/synth/known-names.ts";

test("the families are those of aws-cdk-lib", () => {
  const families = Object.values(InstanceClass).filter((name) => /^[cmr]\d/.test(name));
  expect(instanceFamilies).toEqual([...new Set<string>(families)].toSorted());
});

test("the services with endpoints are those of aws-cdk-lib", () => {
  const interfaces = Object.values(InterfaceVpcEndpointAwsService).flatMap((service: unknown) =>
    service instanceof InterfaceVpcEndpointAwsService ? [service.shortName] : [],
  );
  const gateways = Object.values(GatewayVpcEndpointAwsService).flatMap((service: unknown) =>
    service instanceof GatewayVpcEndpointAwsService ? [service.name.split(".").at(-1) ?? ""] : [],
  );
  expect(endpointServices).toEqual([...new Set([...interfaces, ...gateways])].toSorted());
});
