import { UpdateFunctionCodeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";

import { runDeploy } from "../../../src/cli/commands/deploy.ts";
import { runDiff } from "../../../src/cli/commands/diff.ts";
import { runStatus } from "../../../src/cli/commands/status.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";
import { deployOptions } from "../../deploy/deploy-fixture.ts";
import { LocalProject } from "../../deploy/local-project.ts";
import { push } from "./push-options.ts";

let project: LocalProject;
beforeAll(async () => {
  project = await LocalProject.deployed();
}, 60_000);
afterAll(() => project.dispose());

const told = (lines: readonly string[]) => lines.join("\n").replaceAll(/\s+/g, " ");

test("a deploy of what was deployed before brings back what was pushed since, and asks first", async () => {
  await project.writeHandler("pushed");
  await push(project);
  await project.writeHandler("one");

  const diff = project.deps();
  await runDiff(
    { ...sharedDefaults({ local: true }), settings: {}, fail: false, drift: false },
    diff,
  );
  expect(diff.results).toMatchObject([
    { beside: [{ functionName: "hello", by: "push", changes: ["code"] }], resources: [] },
  ]);
  expect(told(diff.rendered)).toMatch(/^~ hello runs other code .* brings back what the project/);
  const status = project.deps();
  const looks = {
    ...sharedDefaults({ local: true }),
    watch: false,
    interval: undefined,
    color: false,
  };
  await runStatus(looks, status);
  expect(told(status.rendered)).toMatch(
    /Code [0-9a-f]{8}, pushed [^:]+:\d\d UTC: not what the stack says/,
  );
  await expect(project.deploy("nobody")).rejects.toMatchObject({ code: "LMI_APPROVAL_NEEDED" });
  expect(await project.invoke()).toEqual({ answer: "pushed" });

  const deployed = await project.deploy();
  expect(told(deployed.lines)).toMatch(
    /hello runs other code \([0-9a-f]{8}\) than the stack says, pushed \d{4}-\d\d-\d\d \d\d:\d\d UTC\. What the project says is brought back\./,
  );
  expect(deployed.lines).toContain("ask Deploy lmi-hello?");
  expect(deployed.results).toMatchObject([{ changed: true, answers: [{ statusCode: 200 }] }]);
  expect(await project.invoke()).toEqual({ answer: "one" });
  const again = await project.deploy("nobody");
  expect(again.results).toMatchObject([{ changed: false }]);
}, 30_000);

test("a deploy of other settings does not take pushed code for the project's", async () => {
  await project.writeHandler("pushed");
  await push(project);
  await project.writeHandler("one");
  const hello = { entry: "src/handler.ts", timeout: 9 };
  await project.writeSettings({ functions: { hello } });
  const deployed = await project.deploy();
  expect(told(deployed.lines)).toContain("hello runs other code");
  expect(await project.invoke()).toEqual({ answer: "one" });
  const published = await project.aws.code.find("hello", "$LATEST.PUBLISHED");
  expect(published?.properties).toMatchObject({ Timeout: 9 });
}, 30_000);

test("pushed settings that the project gave up go back, too", async () => {
  await project.writeSettings({ functions: { hello: { entry: "src/handler.ts", memory: 4096 } } });
  await push(project);
  await project.writeSettings();
  await project.deploy();
  const published = await project.aws.code.find("hello", "$LATEST.PUBLISHED");
  expect(published?.properties).toMatchObject({ MemorySize: 2048 });
}, 30_000);

test("code that somebody put into $LATEST and did not publish is brought back before it is", async () => {
  const other = await project.aws.code.find("hello");
  await project.writeHandler("elsewhere");
  await push(project);
  const [kept] = await project.aws.keptCodes.list({
    stackId: (await project.aws.stacks.find("lmi-hello"))?.stackId ?? "",
    functionName: "hello",
  });
  await project.writeHandler("one");
  await project.deploy();
  await project.target.client(LambdaClient).send(
    new UpdateFunctionCodeCommand({
      FunctionName: "hello",
      S3Bucket: "cdk-hnb659fds-assets-000000000000-us-east-1",
      S3Key: kept?.key,
    }),
  );
  await project.deploy();
  expect((await project.aws.code.find("hello"))?.codeSha256).toBe(other?.codeSha256);
  expect(await project.invoke()).toEqual({ answer: "one" });
}, 30_000);

test("attached to a detached deploy, what was pushed and left by it is named, and nothing is called ready", async () => {
  await project.writeHandler("pushed");
  await push(project);
  await project.writeHandler("one");
  const hello = { entry: "src/handler.ts", timeout: 11 };
  await project.writeSettings({ functions: { hello } });
  await runDeploy(deployOptions({ local: true, detach: true }), project.deps());

  const attach = async () => {
    const attached = project.deps("nobody");
    await runDeploy(deployOptions({ local: true, attach: true }), attached);
    return { ...attached, text: told(attached.lines) };
  };
  const first = await attach();
  expect(await project.invoke()).toEqual({ answer: "pushed" });
  expect(first.text).toMatch(
    /warn hello runs other code \([0-9a-f]{8}\) than the stack says[^.]*\. lmi deploy --local brings back what was deployed\./,
  );
  expect(first.text).not.toContain("Ready in");
  expect(first.results).toMatchObject([{ beside: [{ functionName: "hello", changes: ["code"] }] }]);

  await project.deploy();
  expect(await project.invoke()).toEqual({ answer: "one" });
  const second = await attach();
  expect(second.text).not.toContain("warn");
  expect(second.results).toMatchObject([{ attached: true, answers: [{ statusCode: 200 }] }]);
  expect(second.results).not.toMatchObject([{ beside: expect.anything() }]);
}, 30_000);

test("what was pushed and did not start is not said to run, and a deploy puts it right", async () => {
  await project.write("src/handler.ts", "throw new Error('no');\nexport const handler = 1;\n");
  await expect(push(project, { probe: false })).rejects.toMatchObject({ code: "LMI_INIT_FAILED" });
  await project.writeHandler("one");
  const deployed = await project.deploy();
  expect(told(deployed.lines)).toMatch(
    /hello has other code or settings than the stack says, pushed [^,]+, which did not start: what was published before them answers\. What the project says is brought back\./,
  );
  expect(await project.invoke()).toEqual({ answer: "one" });
}, 30_000);
