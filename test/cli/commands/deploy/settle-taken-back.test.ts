import { expect, test } from "vitest";
import { settleTakenBack } from "../../../../src/cli/commands/deploy/settle-taken-back.ts";
import type { DeployTools } from "../../../../src/cli/commands/deploy/tools.ts";
import type { DeployRequest } from "../../../../src/deploy/deploy-stack.ts";
import type { FoundLogGroup } from "../../../../src/deploy/found-log-groups.ts";
import { LmiError } from "../../../../src/errors.ts";
import { fakeAccount, fakeContext, stackState } from "../../../deploy/fake-aws.ts";
import { foundLogGroup } from "../../../helpers/found-log-group.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";

const group = foundLogGroup();
const first = {
  stack: stackState({ status: "CREATE_COMPLETE" }),
  leftBehind: [],
  changed: true,
  isActivationTold: true,
};
const request = { assemblyDirectory: "/a", stackName: "s", tags: {}, changeSetName: "second" };

async function settle(
  change: { readonly deployed?: object; readonly takesBack?: readonly FoundLogGroup[] },
  deploy: DeployTools["deploy"],
  abort = new AbortController(),
) {
  const reporter = new RecordingReporter();
  const context = fakeContext(fakeAccount(), undefined, abort.signal);
  const deployed = { ...first, ...change.deployed };
  const takesBack = change.takesBack ?? [group];
  const parts = { context, reporter, tools: { deploy } };
  const settling = settleTakenBack(deployed, takesBack, request, parts);
  return { settling, said: reporter.said };
}

const never: DeployTools["deploy"] = () => Promise.reject(new Error("not expected"));

test("what was taken back gets the project's own settings by a second update", async () => {
  const requests: DeployRequest[] = [];
  const updated = stackState({ status: "UPDATE_COMPLETE" });
  const { settling, said } = await settle({}, async (given) => {
    requests.push(given);
    return { stack: updated, leftBehind: [], changed: true };
  });
  expect(await settling).toEqual({ ...first, stack: updated });
  expect(requests).toEqual([{ ...request, before: first.stack }]);
  expect(said).toEqual(["step log groups", "progress log groups: 1 taken back"]);
});

test.each([
  ["nothing was taken back", { takesBack: [] }],
  ["CloudFormation found nothing to do", { deployed: { changed: false } }],
])("%s: there is nothing to settle", async (_, change) => {
  const { settling, said } = await settle(change, never);
  expect(await settling).toMatchObject({ stack: first.stack });
  expect(said).toEqual([]);
});

test("who leaves is told what is left to do", async () => {
  const { settling, said } = await settle({ deployed: { isDetached: true } }, never);
  await settling;
  expect(said.join().replaceAll(/\s+/g, " ")).toContain(
    "DeletionPolicy Retain until the next `lmi deploy`",
  );
});

test("a second update that fails makes no failed deployment of the first", async () => {
  const { settling, said } = await settle({}, () =>
    Promise.reject(new LmiError("LMI_THROTTLED", "Too fast.")),
  );
  expect(await settling).toEqual(first);
  expect(said.at(-1)).toMatch(/^warn Too fast\. The log groups/);
});

test("an interruption is one", async () => {
  const abort = new AbortController();
  const stopping = () => {
    abort.abort(new LmiError("LMI_INTERRUPTED", "Stopped."));
    return Promise.reject(new Error("some other"));
  };
  const { settling } = await settle({}, stopping, abort);
  await expect(settling).rejects.toThrow("Stopped.");
});
