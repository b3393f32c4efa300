import { expect, test } from "vitest";

import { refuseArchitectureChange } from "../../src/deploy/architecture-change.ts";

const template = (architecture: string | undefined) => ({
  Resources: {
    Fn: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "hello",
        ...(architecture ? { Architectures: [architecture] } : {}),
      },
    },
    Provider: { Type: "AWS::Lambda::CapacityProvider", Properties: {} },
  },
});

test("another architecture of a deployed function is refused before anything is changed", () => {
  expect(() =>
    refuseArchitectureChange(template("arm64"), JSON.stringify(template(undefined))),
  ).toThrow(
    expect.objectContaining({
      code: "LMI_ARCHITECTURE_CHANGE",
      message: expect.stringMatching(/hello runs on x86_64 .* arm64/),
      exitCode: 2,
    }),
  );
});

test.each([
  ["the same architecture", template("arm64")],
  ["no such function before", { Resources: {} }],
])("%s is no change", (_what, before) => {
  refuseArchitectureChange(template("arm64"), JSON.stringify(before));
  refuseArchitectureChange(template("arm64"), undefined);
  expect.assertions(0);
});
