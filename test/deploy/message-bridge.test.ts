import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { IoMessage, IoRequest } from "@aws-cdk/toolkit-lib";
import type { DeployEvent } from "../../src/deploy/deploy-event.ts";
import { createMessageBridge } from "../../src/deploy/message-bridge.ts";
import { explainToolkitError } from "../../src/deploy/toolkit-error.ts";

function message(change: Partial<IoMessage<unknown>>): IoMessage<unknown> {
  return {
    time: new Date(0),
    level: "info",
    action: "deploy",
    message: "text",
    data: undefined,
    ...change,
  };
}

async function told(change: Partial<IoMessage<unknown>>): Promise<DeployEvent[]> {
  const events: DeployEvent[] = [];
  await createMessageBridge((event) => void events.push(event)).notify(message(change));
  return events;
}

describe("the toolkit's messages", () => {
  test("the library begins to watch: CloudFormation executes", async () => {
    expect(await told({ code: "CDK_TOOLKIT_I5501" })).toEqual([{ type: "execution" }]);
  });

  test("a stack event becomes a resource event", async () => {
    const event = {
      Timestamp: new Date(5),
      LogicalResourceId: "Vpc",
      ResourceType: "AWS::EC2::VPC",
      ResourceStatus: "CREATE_FAILED",
      ResourceStatusReason: "quota",
    };
    const data = { event, progress: { total: 9, completed: 3, formatted: "[3/9]" } };
    expect(await told({ code: "CDK_TOOLKIT_I5502", data })).toEqual([
      {
        type: "resource",
        time: new Date(5),
        logicalId: "Vpc",
        resourceType: "AWS::EC2::VPC",
        status: "CREATE_FAILED",
        reason: "quota",
        progress: "3 of 9",
      },
    ]);
  });

  test("a count beyond the total is no progress", async () => {
    const data = { event: {}, progress: { total: 4, completed: 9, formatted: "" } };
    expect(await told({ code: "CDK_TOOLKIT_I5502", data })).toMatchObject([
      { progress: undefined },
    ]);
  });

  test("publishing an asset names it", async () => {
    const data = { asset: { displayName: () => "Code of hello" } };
    expect(await told({ code: "CDK_TOOLKIT_I5220", data })).toEqual([
      { type: "asset", message: "publishing Code of hello" },
    ]);
  });

  test("coded warnings are warnings, free text is detail", async () => {
    expect(await told({ code: "CDK_TOOLKIT_W5021", level: "warn" })).toMatchObject([
      { level: "warning" },
    ]);
    expect(await told({ code: "CDK_TOOLKIT_W0000", level: "warn" })).toMatchObject([
      { level: "detail" },
    ]);
    expect(await told({ level: "trace" })).toEqual([]);
  });

  test("yes or no is yes, as it was asked before; anything else keeps the default", async () => {
    const bridge = createMessageBridge(() => {});
    const request = { ...message({}), code: "CDK_TOOLKIT_I5060" } as const;
    const confirm: IoRequest<unknown, boolean> = { ...request, defaultResponse: false };
    const token: IoRequest<unknown, string> = { ...request, defaultResponse: "" };
    await expect(bridge.requestResponse(confirm)).resolves.toBe(true);
    await expect(bridge.requestResponse(token)).resolves.toBe("");
  });

  test("an abort keeps the library waiting at its next message, and nobody hears of it", async () => {
    const stop = new AbortController();
    const heard: DeployEvent[] = [];
    const bridge = createMessageBridge((event) => heard.push(event), stop.signal);
    await bridge.notify(message({}));
    expect(heard).toHaveLength(1);
    stop.abort(new Error("stopped"));
    const outcome = Promise.race([bridge.notify(message({})), setImmediate("still waiting")]);
    await expect(outcome).resolves.toBe("still waiting");
    expect(heard).toHaveLength(1);
  });
});

/** As the library decorates an error. */
const wrap = (cause: Error) => new Error(`❌  lmi-hello failed: ${cause.message}`, { cause });

describe("the toolkit's errors", () => {
  const target = {
    region: "eu-west-1",
    profile: undefined,
    endpoint: undefined,
    credentials: undefined,
    local: false,
  };

  test.each([
    ["bootstrap", "LMI_BOOTSTRAP_NEEDED", 4],
    ["authentication", "LMI_CREDENTIALS_REFUSED", 5],
    ["toolkit", "LMI_DEPLOY_FAILED", 1],
  ])("of type %s become %s", (type, code, exitCode) => {
    const cause = Object.assign(new Error("the reason"), { type });
    expect(explainToolkitError(wrap(cause), target)).toMatchObject({ code, exitCode });
  });

  test.each([
    ["AccessDenied", "LMI_ACCESS_DENIED"],
    ["ExpiredTokenException", "LMI_CREDENTIALS_EXPIRED"],
  ])("that AWS refuses with %s are about credentials", (name, code) => {
    const cause = Object.assign(new Error("not you"), { name });
    expect(explainToolkitError(wrap(cause), target)).toMatchObject({ code, exitCode: 5 });
  });

  test.each([
    ["Throttling", "LMI_THROTTLED", 1],
    ["SlowDown", "LMI_THROTTLED", 1],
    ["ECONNRESET", "LMI_ENDPOINT_UNREACHABLE", 1],
    ["AccessDenied", "LMI_ACCESS_DENIED", 5],
  ])("of several assets, %s, are what they are elsewhere", (name, code, exitCode) => {
    const failed = Object.assign(new Error("slower, please"), { name });
    const assets = new AggregateError([failed, new Error("cancelled")]);
    expect(explainToolkitError(wrap(assets), target)).toMatchObject({
      code,
      exitCode,
      why: expect.stringContaining("CloudFormation executed nothing"),
    });
  });

  test("that AWS answered name the call that the library's logger was told of", async () => {
    const cause = Object.assign(new Error("unknown"), {
      name: "InternalError",
      $metadata: { httpStatusCode: 500, attempts: 7 },
      $response: { headers: { "x-lmi-fault": "error" } },
    });
    const content = [{ clientName: "S3Client", commandName: "PutObjectCommand", error: cause }];
    await told({ code: "CDK_SDK_I0100", level: "trace", data: { sdkLevel: "error", content } });
    const assets = new AggregateError([cause, new Error("cancelled")]);
    expect(explainToolkitError(wrap(assets), { ...target, local: true })).toMatchObject({
      code: "LMI_DEPLOY_FAILED",
      message:
        "Uploading the assets failed: S3 PutObject answered InternalError (500) after 7 attempts.",
      why: expect.stringMatching(/^unknown\nThe local target was told .*\nCloudFormation executed/),
      next: "In a moment, again: lmi deploy --local",
    });
  });

  test("do not advise what the library does not follow", () => {
    const cause = Object.assign(new Error("Rate exceeded"), { name: "Throttling" });
    expect(explainToolkitError(wrap(cause), target)).toMatchObject({
      next: "In a moment, again: lmi deploy",
    });
  });

  test("that only quote what AWS refused are that refusal", () => {
    const text =
      "This CDK deployment requires bootstrap stack version '6', but during the confirmation via SSM parameter /p the following error occurred: AccessDeniedException: User: me is not authorized to perform: ssm:GetParameter";
    expect(explainToolkitError(wrap(new Error(text)), target)).toMatchObject({
      code: "LMI_ACCESS_DENIED",
      exitCode: 5,
      why: expect.stringMatching(/^User: me is not authorized to perform: ssm:GetParameter\n/),
    });
  });

  test("that only say that there is no access to the bucket are that refusal", () => {
    const text = "Bucket named 'cdk-assets' exists, but we dont have access to it.";
    expect(explainToolkitError(wrap(new Error(text)), target)).toMatchObject({
      code: "LMI_ACCESS_DENIED",
      exitCode: 5,
      why: expect.stringContaining("s3:GetBucketLocation"),
    });
  });

  test("keep the innermost reason, without decoration", () => {
    expect(explainToolkitError(wrap(new Error("❌  the reason")), target)).toMatchObject({
      message: "The deployment failed: the reason",
    });
  });
});
