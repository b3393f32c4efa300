import { afterAll, beforeAll, expect, test } from "vitest";

import { runDeploy } from "../../../../src/cli/commands/deploy.ts";
import { deployOptions } from "../../../deploy/deploy-fixture.ts";
import { LocalProject } from "../../../deploy/local-project.ts";
import { rollback } from "../rollback-options.ts";

let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.deployed();
}, 60_000);
afterAll(() => project.dispose());

async function place() {
  const stackId = (await project.aws.stacks.find("lmi-hello"))?.stackId ?? "";
  return { stackId, functionName: "hello" };
}

const kept = async () => project.aws.keptCodes.list(await place());

async function detach(answer: string): Promise<void> {
  await project.writeHandler(answer);
  await runDeploy(deployOptions({ local: true, detach: true }), project.deps());
  const status = async () => (await project.aws.stacks.find("lmi-hello"))?.status;
  await expect.poll(status, { timeout: 20_000 }).toBe("UPDATE_COMPLETE");
}

const attach = () =>
  runDeploy(deployOptions({ local: true, attach: true }), project.deps("nobody"));

test("what a detached deploy brought is kept by whoever comes back to it, once", async () => {
  await detach("two");
  expect(await kept()).toHaveLength(1);
  await attach();
  await attach();
  expect(await kept()).toMatchObject([{ by: "deploy" }, { by: "deploy" }]);
  await rollback(project);
  expect(await project.invoke()).toEqual({ answer: "one" });
  await project.deploy();
}, 60_000);

test("where nobody came back, the next deploy keeps it, and a rollback goes to it", async () => {
  await detach("three");
  await project.writeHandler("four");
  await project.deploy();
  const times = (await kept()).map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  await rollback(project);
  expect(await project.invoke()).toEqual({ answer: "three" });
}, 60_000);
