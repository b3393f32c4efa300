import { expect, test } from "vitest";
import type { LogGroupState } from "../../src/aws/ports.ts";
import type { ChangeSummary } from "../../src/deploy/changes.ts";
import { foundLogGroups, stillThere } from "../../src/deploy/found-log-groups.ts";
import { LmiError } from "../../src/errors.ts";
import { recordingAws } from "../helpers/recording-aws.ts";

const group = (name: unknown) => ({
  Type: "AWS::Logs::LogGroup",
  Properties: { LogGroupName: name },
});
const wanted = {
  Resources: { Mine: group("/mine"), Free: group("/free"), Own: group({ Ref: "Name" }) },
};
const claim = { project: "hello", stackName: "lmi-hello", adopts: false };
const ours = { "lmi:project": "hello", "aws:cloudformation:stack-name": "lmi-hello" };

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
function awsWith(tags: LogGroupState["tags"], owner?: string) {
  return recordingAws({
    logGroups: {
      find: async (name) =>
        name === "/mine"
          ? {
              name,
              retentionInDays: 7,
              kmsKeyId: undefined,
              logGroupClass: "STANDARD",
              tags,
            }
          : undefined,
    },
    stackRemovals: { owner: async () => owner },
  });
}

const failing = (code: "LMI_ACCESS_DENIED" | "LMI_THROTTLED") =>
  recordingAws({ logGroups: { find: (name) => Promise.reject(new LmiError(code, name)) } });

test("a group that the project's stack has left is taken back as it is", async () => {
  const aws = awsWith(ours);
  const found = await foundLogGroups(wanted, changes("add"), claim, { aws });
  expect(found.taken).toEqual([]);
  expect(found.kept).toMatchObject([{ logicalId: "Mine", name: "/mine", retentionInDays: 7 }]);
  const { "lmi:project": project } = ours;
  const bare = awsWith({ "lmi:project": project });
  expect((await foundLogGroups(wanted, changes("add"), claim, { aws: bare })).kept).toHaveLength(1);
});

test("what went with a failed stack is not taken back", async () => {
  const aws = awsWith(ours, "lmi-hello");
  const { kept } = await foundLogGroups(wanted, changes("add"), claim, { aws });
  expect(kept).toHaveLength(1);
  expect(await stillThere(kept, aws)).toEqual(kept);
  const gone = recordingAws({ logGroups: { find: async () => undefined } });
  expect(await stillThere(kept, gone)).toEqual([]);
});

test.each([
  [{}, "It is in no stack, and nothing says that this project made it: perhaps"],
  [{ "lmi:project": "other" }, "It is in no stack, and the tags say project other: perhaps"],
  [
    { ...ours, "aws:cloudformation:stack-name": "lmi-hello-prod" },
    "say project hello, stack lmi-hello-prod: perhaps",
  ],
])(
  "a group that somebody else may have made (%j) is told with both ways out",
  async (tags, why) => {
    const aws = awsWith(tags);
    const look = (adopts: boolean) =>
      foundLogGroups(wanted, changes("add"), { ...claim, adopts }, { aws });
    const { kept, taken } = await look(false);
    expect(kept).toEqual([]);
    expect(taken).toMatchObject([
      {
        code: "LMI_LOG_GROUP_TAKEN",
        exitCode: 2,
        message: "There is a log group /mine already.",
        why: expect.stringContaining(why),
        next: expect.stringMatching(
          /^lmi deploy --adopt-logs .* aws logs delete-log-group --log-group-name \/mine --region us-east-1$/,
        ),
      },
    ]);
    expect(await look(true)).toMatchObject({ kept: [{ name: "/mine" }], taken: [] });
  },
);

test("a group of another stack stays there, whatever it says and whoever asks", async () => {
  const aws = awsWith(ours, "lmi-other");
  const adopting = { ...claim, adopts: true };
  const { kept, taken } = await foundLogGroups(wanted, changes("add"), adopting, { aws });
  expect(kept).toEqual([]);
  expect(taken).toMatchObject([
    {
      code: "LMI_LOG_GROUP_TAKEN",
      message: "Log group /mine belongs to stack lmi-other.",
      next: expect.not.stringContaining("--adopt-logs"),
    },
  ]);
});

test("the stack's own groups are nobody's business", async () => {
  const aws = failing("LMI_THROTTLED");
  const nothing = { kept: [], taken: [] };
  expect(await foundLogGroups(wanted, changes("modify"), claim, { aws })).toEqual(nothing);
});

test("who may not look is told by CloudFormation, and other trouble is told", async () => {
  const denied = failing("LMI_ACCESS_DENIED");
  const nothing = { kept: [], taken: [] };
  expect(await foundLogGroups(wanted, changes("add"), claim, { aws: denied })).toEqual(nothing);
  const throttled = failing("LMI_THROTTLED");
  await expect(foundLogGroups(wanted, changes("add"), claim, { aws: throttled })).rejects.toThrow(
    "/mine",
  );
});
