import { expect, test } from "vitest";

import { nonAsciiFindings } from "../../../../src/cli/commands/validate/non-ascii.ts";

test("texts that CloudFormation does not give back are warned of, each part of the template once", () => {
  const template = {
    Description: "plain",
    Metadata: { note: "größer" },
    Resources: {
      Plain: { Type: "AWS::SNS::Topic" },
      Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: "請交月報", Other: "é" } },
    },
  };
  expect(nonAsciiFindings(template)).toMatchObject([
    { severity: "warning", code: "non-ascii-text", path: "Metadata" },
    { severity: "warning", code: "non-ascii-text", path: "Topic" },
  ]);
});
