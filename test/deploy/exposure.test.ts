import { expect, test } from "vitest";
import { exposures, permissionsOfUrls } from "../../src/deploy/exposure.ts";

const route = (AuthorizationType?: string) => ({
  RouteKey: "GET /orders",
  ...(AuthorizationType === undefined ? {} : { AuthorizationType }),
});
const type = "AWS::ApiGatewayV2::Route";

const permission = (InvokedViaFunctionUrl: boolean | undefined) => ({
  newResourceType: "AWS::Lambda::Permission",
  newProperties: { Principal: "*", Action: "lambda:InvokeFunction", InvokedViaFunctionUrl },
});

const url = (AuthType: string) => ({
  newResourceType: "AWS::Lambda::Url",
  newProperties: { AuthType },
});

test("a route that loses its authorization is open to everybody, though no statement changes", () => {
  const change = {
    oldResourceType: type,
    newResourceType: type,
    oldProperties: route("AWS_IAM"),
    newProperties: route(),
  };
  const words = "route GET /orders that everybody on the internet may call";
  expect(exposures({ Route: change })).toEqual([{ logicalId: "Route", sign: "+", words }]);
  const back = { ...change, oldProperties: route("NONE"), newProperties: route("AWS_IAM") };
  expect(exposures({ Route: back })).toEqual([{ logicalId: "Route", sign: "-", words }]);
});

test("a function URL without authorization, and nothing that stays as it is", () => {
  expect(exposures({ Url: url("NONE") })).toMatchObject([{ logicalId: "Url", sign: "+" }]);
  expect(exposures({ Url: url("AWS_IAM") })).toEqual([]);
  const same = { oldResourceType: type, newResourceType: type };
  expect(
    exposures({ Route: { ...same, oldProperties: route(), newProperties: route("NONE") } }),
  ).toEqual([]);
});

test("permissions for everybody are those of URLs only when each of them says so", () => {
  expect(permissionsOfUrls({ A: permission(true) })).toBe(true);
  expect(permissionsOfUrls({ A: permission(true), B: permission(undefined) })).toBe(false);
  expect(permissionsOfUrls({})).toBe(false);
});
