import { UpdateFunctionCodeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";

import { runDiff } from "../../../src/cli/commands/diff.ts";
import { runStatus } from "../../../src/cli/commands/status.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";
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
