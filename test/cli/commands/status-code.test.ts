import { afterAll, beforeAll, expect, test } from "vitest";

import { runRollback } from "../../../src/cli/commands/rollback.ts";
import { runStatus } from "../../../src/cli/commands/status.ts";
import type { Status } from "../../../src/cli/commands/status/model.ts";
import { LocalProject } from "../../deploy/local-project.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";
import { push } from "./push-options.ts";

let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.deployed();
}, 60_000);
afterAll(() => project.dispose());

const shared = sharedDefaults({ local: true });

async function look() {
  const deps = project.deps();
  await runStatus({ ...shared, watch: false, interval: undefined, color: false }, deps);
  const [{ functions, missing }] = deps.results as [Status];
  const rows = deps.rendered.join("\n").split("\n");
  return { code: rows.filter((row) => row.startsWith("Code ")), functions, missing };
}

test("pushed code is called the stack's where it is, as after a rollback to it; where nobody knows, neither is said", async () => {
  expect(await look()).toMatchObject({ code: [], missing: [] });

  await project.writeHandler("two");
  await push(project);
  expect(await look()).toMatchObject({
    code: [expect.stringMatching(/[0-9a-f]{8}, pushed [^:]+:\d\d UTC: not what the stack says$/)],
    functions: [{ isStackCode: false }],
  });

  const options = { function: undefined, to: undefined, list: false, probe: true, maxWait: "5" };
  await runRollback({ ...shared, ...options }, project.deps());
  expect(await look()).toMatchObject({
    code: [expect.stringMatching(/[0-9a-f]{8}, rolled back [^:]+:\d\d UTC: what the stack says$/)],
    functions: [{ isStackCode: true }],
  });

  const { stackId = "" } = (await project.aws.stacks.find("lmi-hello")) ?? {};
  await project.aws.keptCodes.forget({ stackId });
  expect(await look()).toMatchObject({
    code: [expect.stringMatching(/[0-9a-f]{8}, rolled back [^:]+:\d\d UTC$/)],
    missing: [],
  });
}, 60_000);
