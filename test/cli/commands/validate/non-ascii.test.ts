import { expect, test } from "vitest";

import { nonAsciiFindings } from "../../../../src/cli/commands/validate/non-ascii.ts";

test("outputs that CloudFormation does not give back are warned of; texts of resources come back", () => {
  const template = {
    Metadata: { note: "größer" },
    Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: "請交月報" } } },
    Outputs: { Plain: { Value: "e" }, Report: { Value: "請交月報" } },
  };
  expect(nonAsciiFindings(template)).toMatchObject([
    { severity: "warning", code: "non-ascii-text", path: "Outputs.Report" },
  ]);
  expect(nonAsciiFindings({})).toEqual([]);
});
