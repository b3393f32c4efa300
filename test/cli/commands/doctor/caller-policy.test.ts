import { expect, test } from "vitest";

import { callerPolicy } from "../../../../src/cli/commands/doctor/caller-policy.ts";

const place = {
  partition: "aws",
  account: "123456789012",
  region: "eu-west-1",
  stackName: "lmi-hello",
};

const statements = (Properties: Record<string, unknown>) =>
  callerPolicy(
    { Resources: { Hello: { Type: "AWS::Lambda::Function", Properties } } },
    place,
    undefined,
  ).Statement.filter(({ Action }) => Action.includes("lambda:GetLayerVersion"));

test("who pushes a function with layers may read layers, and nobody else", () => {
  expect(statements({ FunctionName: "hello" })).toEqual([]);
  expect(statements({ FunctionName: "hello", Layers: ["arn"] })).toMatchObject([
    { Sid: "Layers", Resource: ["arn:aws:lambda:eu-west-1:*:layer:*:*"] },
  ]);
});
