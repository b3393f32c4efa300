import { expect, test } from "vitest";

import { awsCommand } from "../../src/aws/aws-command.ts";

test.each([
  ["work", "--profile work"],
  ["my profile", "--profile 'my profile'"],
  ["it's", String.raw`--profile 'it'\''s'`],
])("the profile %s is written as a shell reads it", (profile, flag) => {
  const target = { endpoint: undefined, region: "eu-west-1", profile };
  expect(awsCommand(target, "sts get-caller-identity")).toBe(
    `aws sts get-caller-identity --region eu-west-1 ${flag}`,
  );
});
