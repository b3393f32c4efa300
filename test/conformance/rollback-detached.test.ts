import { afterEach, beforeEach, expect, test } from "vitest";

import { runDeploy } from "../../src/cli/commands/deploy.ts";
import type { KeptList } from "../../src/cli/commands/rollback/kept-list.ts";
import { deployOptions } from "../deploy/deploy-fixture.ts";
import { LocalProject } from "../deploy/local-project.ts";
import { push } from "../cli/commands/push-options.ts";
import { rollback } from "../cli/commands/rollback-options.ts";

let project: LocalProject;
beforeEach(async () => {
  project = await LocalProject.deployed();
  await detach("two");
  await project.writeHandler("three");
  await push(project);
}, 60_000);
afterEach(() => project.dispose());

/** Nobody sees the end of this deployment. */
async function detach(answer: string): Promise<void> {
  await project.writeHandler(answer);
  await runDeploy(deployOptions({ local: true, detach: true }), project.deps());
  const status = async () => (await project.aws.stacks.find("lmi-hello"))?.status;
  await expect.poll(status, { timeout: 20_000 }).toBe("UPDATE_COMPLETE");
}

async function place() {
  const { stackId = "" } = (await project.aws.stacks.find("lmi-hello")) ?? {};
  return { stackId, functionName: "hello" };
}

const kept = async () => project.aws.keptCodes.list(await place());

test("a push keeps what a detached deploy brought, and rollbacks lead past it, once each", async () => {
  expect((await kept()).map(({ by }) => by)).toEqual(["deploy", "deploy", "push"]);
  await rollback(project);
  expect(await project.invoke()).toEqual({ answer: "two" });
  await rollback(project);
  expect(await project.invoke()).toEqual({ answer: "one" });
  await expect(rollback(project)).rejects.toMatchObject({ code: "LMI_NO_EARLIER_CODE" });
}, 60_000);

test("where it could not be kept, it is still one code with what a rollback to it has kept", async () => {
  const [, unkept] = await kept();
  await project.aws.keptCodes.remove(await place(), [unkept?.key ?? ""]);
  const [{ kept: before }] = (await rollback(project, { list: true })).results as [KeptList];
  const [, deployed] = before;
  expect(deployed).toMatchObject({ by: "deploy", codeSha256: unkept?.codeSha256 });

  // As the list names it.
  await rollback(project, { to: deployed?.codeHex?.slice(0, 8) });
  expect(await project.invoke()).toEqual({ answer: "two" });
  const list = await rollback(project, { list: true });
  expect(list.rendered.join("\n").split("\n")).toHaveLength(3);
  await rollback(project);
  expect(await project.invoke()).toEqual({ answer: "one" });
}, 60_000);
