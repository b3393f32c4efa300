import { expect, test } from "vitest";

import type { CodeState } from "../../src/aws/ports.ts";
import { pushFunction } from "../../src/deploy/push-function.ts";
import { fakeAccount, fakeContext } from "./fake-aws.ts";

const state = (change: Partial<CodeState> = {}): CodeState => ({
  functionName: "hello",
  codeSha256: "old",
  codeSize: 1,
  revisionId: "1",
  lastModified: undefined,
  description: undefined,
  state: "Active",
  lastUpdateStatus: "Successful",
  lastUpdateStatusReason: undefined,
  properties: {},
  ...change,
});

/** Pushes to a function that is as `latest` says, and becomes what `updated` says. */
async function pushed(latest: CodeState, updated: CodeState): Promise<string[]> {
  const calls: string[] = [];
  const context = fakeContext(fakeAccount());
  const answer = (name: string) => async () => {
    calls.push(name);
    return updated;
  };
  const code = {
    find: answer("find"),
    update: answer("update"),
    configure: answer("configure"),
    publish: async () => void calls.push("publish"),
  };
  const push = {
    functionName: "hello",
    latest,
    source: { zip: new Uint8Array() },
    codeSha256: "new",
    change: {},
    description: "lmi push",
  };
  const told = { progress: () => {}, onStage: () => {} };
  await pushFunction(push, { ...context, aws: { ...context.aws, code } }, told);
  return calls;
}

test("an earlier change that failed does not stand in the way of the next one", async () => {
  const failed = state({ lastUpdateStatus: "Failed", lastUpdateStatusReason: "theirs" });
  expect(await pushed(failed, state({ codeSha256: "new" }))).toEqual(["update", "publish"]);
});

test("a change of this push that fails is told, and nothing is published", async () => {
  const failed = state({ codeSha256: "new", lastUpdateStatus: "Failed" });
  await expect(pushed(state(), failed)).rejects.toMatchObject({ code: "LMI_PUSH_FAILED" });
});
