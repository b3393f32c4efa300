import { expect, test } from "vitest";
import type { LogQuery } from "../../src/aws/ports.ts";
import type { ChangeSummary } from "../../src/deploy/changes.ts";
import { takenLogGroups } from "../../src/deploy/taken-log-groups.ts";
import { LmiError } from "../../src/errors.ts";
import { recordingAws } from "../helpers/recording-aws.ts";

const group = (name: unknown) => ({
  Type: "AWS::Logs::LogGroup",
  Properties: { LogGroupName: name },
});
const wanted = {
  Resources: { Mine: group("/mine"), Free: group("/free"), Own: group({ Ref: "Name" }) },
};

function changes(kind: "add" | "modify"): ChangeSummary {
  const resources = Object.keys(wanted.Resources).map((logicalId) => ({
    logicalId,
    type: "AWS::Logs::LogGroup",
    kind,
    properties: [],
  }));
  return { resources, security: [], broadening: false, otherChanges: false, tags: [] };
}

/** CloudWatch with one group. */
function awsWith(code: "LMI_LOG_GROUP_NOT_FOUND" | "LMI_ACCESS_DENIED" | "LMI_THROTTLED") {
  return recordingAws({
    logs: {
      async *events({ logGroup }: LogQuery) {
        if (logGroup !== "/mine" || code !== "LMI_LOG_GROUP_NOT_FOUND")
          throw new LmiError(code, logGroup);
        yield* [];
      },
    },
  });
}

test("a group that would be new and is there is told with the way out", async () => {
  const aws = awsWith("LMI_LOG_GROUP_NOT_FOUND");
  expect(await takenLogGroups(wanted, changes("add"), { aws })).toMatchObject([
    {
      code: "LMI_LOG_GROUP_TAKEN",
      exitCode: 2,
      message: "There is a log group /mine already.",
      next: expect.stringContaining("aws logs delete-log-group --log-group-name /mine"),
    },
  ]);
});

test("the stack's own groups are nobody's business", async () => {
  const aws = awsWith("LMI_THROTTLED");
  expect(await takenLogGroups(wanted, changes("modify"), { aws })).toEqual([]);
});

test("who may not look is told by CloudFormation, and other trouble is told", async () => {
  const denied = awsWith("LMI_ACCESS_DENIED");
  expect(await takenLogGroups(wanted, changes("add"), { aws: denied })).toEqual([]);
  const throttled = awsWith("LMI_THROTTLED");
  await expect(takenLogGroups(wanted, changes("add"), { aws: throttled })).rejects.toThrow("/mine");
});
