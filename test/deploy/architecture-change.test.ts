import { expect, test } from "vitest";

import { architectureChanges } from "../../src/deploy/architecture-change.ts";

const template = (architecture: string | undefined) => ({
  Fn: {
    Type: "AWS::Lambda::Function",
    Properties: {
      FunctionName: "hello",
      ...(architecture ? { Architectures: [architecture] } : {}),
    },
  },
  Provider: { Type: "AWS::Lambda::CapacityProvider", Properties: {} },
});

test("another architecture of a deployed function is refused before anything is changed", () => {
  expect(architectureChanges(template("arm64"), template(undefined))).toEqual([
    expect.objectContaining({
      code: "LMI_ARCHITECTURE_CHANGE",
      message: expect.stringMatching(/hello runs on x86_64 .* arm64/),
      exitCode: 2,
    }),
  ]);
});

test.each([
  ["the same architecture", template("arm64")],
  ["no such function before", {}],
])("%s is no change", (_what, before) => {
  expect(architectureChanges(template("arm64"), before)).toEqual([]);
});
