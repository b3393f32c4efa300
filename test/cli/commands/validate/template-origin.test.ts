import { expect, test } from "vitest";
import { templateOrigin } from "../../../../src/cli/commands/validate/template-origin.ts";
import { settingsOf } from "../../../synth/reference-settings.ts";

const template = {
  Resources: {
    ApiLambda: { Type: "AWS::Lambda::Function" },
    ApiLambdaLogs: { Type: "AWS::Logs::LogGroup" },
    Vpc: { Type: "AWS::EC2::VPC" },
  },
};

test.each([
  ["ApiLambda/Properties.MemorySize", "overrides.api.Properties.MemorySize"],
  ["ApiLambda/Properties.Layers.0", "overrides.ApiLambda.Properties.Layers"],
  [
    "ApiLambdaLogs/Properties.RetentionInDays",
    "overrides.AWS::Logs::LogGroup.Properties.RetentionInDays",
  ],
  ["ApiLambda/Properties.Timeout", "functions.api"],
  ["Jobs/Properties.Oops", "resources.Jobs.Properties.Oops"],
  ["Vpc/Properties.CidrBlock", undefined],
])("%s comes from %s", (path, origin) => {
  const settings = settingsOf({
    functions: { api: {} },
    overrides: {
      api: { Properties: { MemorySize: "x" } },
      ApiLambda: { "Properties.Layers": [1] },
      "AWS::Logs::LogGroup": { "Properties.RetentionInDays": 2 },
    },
    resources: { Jobs: { Type: "AWS::SQS::Queue" } },
  });
  expect(templateOrigin({ path }, settings, template)?.path).toBe(origin);
});
