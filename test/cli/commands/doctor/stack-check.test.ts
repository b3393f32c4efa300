import { expect, test } from "vitest";

import { stackCheck } from "../../../../src/cli/commands/doctor/checks/stack.ts";
import { stackEvent, stackState } from "../../../deploy/fake-aws.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { verdictOf } from "./doctor-fixture.ts";
import { projectWith } from "./project-with.ts";

const settings = { functions: { fn: { entry: "a.ts" } } };

async function verdictOn(status: string | undefined, project = "hello") {
  const tags = { "lmi:project": project };
  return verdictOf(stackCheck, {
    project: await projectWith(settings),
    stack: async () =>
      status === undefined ? undefined : stackState({ stackName: "lmi-hello", status, tags }),
    aws: recordingAws({
      stacks: {
        events: async () => [
          stackEvent({
            logicalId: "Extra",
            status: "IMPORT_ROLLBACK_FAILED",
            statusReason: "burnt",
          }),
          stackEvent({
            logicalId: "lmi-hello",
            type: "AWS::CloudFormation::Stack",
            status: "IMPORT_ROLLBACK_IN_PROGRESS",
            statusReason: undefined,
          }),
        ],
      },
    }),
  });
}

test.each([
  [undefined, "lmi-hello is not there yet: the first deploy makes it"],
  ["IMPORT_COMPLETE", "lmi-hello is IMPORT_COMPLETE, which takes a deploy"],
  ["IMPORT_ROLLBACK_COMPLETE", "lmi-hello is IMPORT_ROLLBACK_COMPLETE, which takes a deploy"],
  ["REVIEW_IN_PROGRESS", "lmi-hello is REVIEW_IN_PROGRESS: nothing is made yet"],
])("%s is well", async (status, evidence) => {
  const verdict = await verdictOn(status);
  expect(verdict).toMatchObject({
    status: "ok",
    evidence: expect.stringContaining(evidence) as string,
  });
});

test.each([
  ["IMPORT_IN_PROGRESS", "a deploy waits", "lmi deploy --attach   (waits for it)"],
  ["IMPORT_ROLLBACK_IN_PROGRESS", "a deploy waits", "lmi deploy --attach   (waits for it)"],
  ["ROLLBACK_COMPLETE", "first creation failed", "lmi deploy   (clears"],
  ["DELETE_FAILED", "a deletion stopped half way", "lmi destroy   (goes on from here)"],
])("%s is something to know before a deploy", async (status, evidence, mend) => {
  expect(await verdictOn(status)).toMatchObject({
    status: "warning",
    evidence: expect.stringContaining(evidence) as string,
    mend: expect.stringContaining(mend) as string,
  });
});

test("a stack that no deploy gets past fails the check with what the deploy would say", async () => {
  expect(await verdictOn("IMPORT_ROLLBACK_FAILED")).toMatchObject({
    status: "failure",
    evidence: expect.stringMatching(
      /^Stack lmi-hello is IMPORT_ROLLBACK_FAILED[^]*Extra IMPORT_ROLLBACK_FAILED: burnt[^]*leaves its deletion/,
    ) as string,
    mend: expect.stringMatching(/^lmi destroy/) as string,
  });
  expect(await verdictOn("CREATE_COMPLETE", "other")).toMatchObject({
    status: "failure",
    evidence: expect.stringContaining('"other", this project is "hello"') as string,
    mend: expect.stringContaining("--region") as string,
  });
});
