import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";

import { connectAws } from "../../src/aws/connect.ts";
import type { LogEvent } from "../../src/aws/ports.ts";
import { portsAgainst } from "./ports-against.ts";
import type { Reply } from "./ports-against.ts";

const lambdaError = (name: string, status: number): Reply => ({
  status,
  headers: { "x-amzn-errortype": name },
  body: JSON.stringify({ Message: `${name} it is` }),
});

describe.each([
  ["the local target", true],
  ["AWS", false],
])("at %s", (_name, local) => {
  test("invoke sends the payload as it is and hands back the answer as it is", async () => {
    const { aws, requests } = await portsAgainst(
      () => ({
        headers: {
          "x-amz-executed-version": "$LATEST.PUBLISHED",
          "x-amz-function-error": "Unhandled",
        },
        body: '{ "a":1.0 }',
      }),
      local,
    );
    const payload = new TextEncoder().encode('{ "x":1.0 }');
    const answer = await aws.functions.invoke({ functionName: "fn", payload });
    expect({ ...answer, payload: new TextDecoder().decode(answer.payload) }).toEqual({
      statusCode: 200,
      requestId: "r-1",
      executedVersion: "$LATEST.PUBLISHED",
      functionError: "Unhandled",
      payload: '{ "a":1.0 }',
    });
    expect(requests[0]).toMatchObject({
      url: "/2015-03-31/functions/fn/invocations",
      body: '{ "x":1.0 }',
      headers: {
        "x-amz-invocation-type": "RequestResponse",
        authorization: expect.stringMatching(/Credential=lmi-local\/\d+\/us-east-1\/lambda\//),
      },
    });
  });

  test("an asynchronous invoke of a version", async () => {
    const { aws, requests } = await portsAgainst(() => ({ status: 202, body: "" }), local);
    const answer = await aws.functions.invoke({
      functionName: "fn",
      payload: new Uint8Array([123, 125]),
      qualifier: "3",
      asynchronous: true,
    });
    expect(answer).toMatchObject({ statusCode: 202, payload: new Uint8Array() });
    expect(requests[0]).toMatchObject({
      url: "/2015-03-31/functions/fn/invocations?Qualifier=3",
      headers: { "x-amz-invocation-type": "Event" },
    });
  });

  test.each([
    ["ResourceNotFoundException", 404, "LMI_FUNCTION_NOT_FOUND"],
    ["NoPublishedVersionException", 404, "LMI_NOTHING_PUBLISHED"],
    ["AccessDeniedException", 403, "LMI_ACCESS_DENIED"],
  ])("invoke explains %s", async (name, status, code) => {
    const { aws } = await portsAgainst(() => lambdaError(name, status), local);
    const call = aws.functions.invoke({ functionName: "fn", payload: new Uint8Array() });
    await expect(call).rejects.toMatchObject({ code });
  });

  test("the names of function and version are part of the path as the SDK writes them", async () => {
    const { aws, requests } = await portsAgainst(() => ({ body: "" }), local);
    const functionName = "arn:aws:lambda:us-east-1:000000000000:function:fn";
    await aws.functions.invoke({
      functionName,
      payload: new Uint8Array(),
      qualifier: "$LATEST.PUBLISHED",
    });
    expect(requests[0]?.url).toBe(
      "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Afn/invocations?Qualifier=%24LATEST.PUBLISHED",
    );
  });

  test("an aborted invocation is no failure of AWS's, and is not repeated", async () => {
    const stop = new AbortController();
    const { aws, requests } = await portsAgainst(() => {
      stop.abort();
      return { body: "" };
    }, local);
    const call = aws.functions.invoke({
      functionName: "fn",
      payload: new Uint8Array(),
      signal: stop.signal,
    });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(requests).toHaveLength(1);
  });
});

test("as many invocations are in flight as were asked for, beyond the SDK's own 50", async () => {
  const wanted = 120;
  let inFlight = 0;
  let most = 0;
  const all = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    request.resume();
    inFlight += 1;
    most = Math.max(most, inFlight);
    if (inFlight === wanted) all.resolve();
    // Whatever is missing then never comes; the answers go out, and the count says so.
    await Promise.race([all.promise, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
    inFlight -= 1;
    response.writeHead(200, { "x-amzn-requestid": "r-1" }).end("1");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const target = {
    region: "us-east-1",
    profile: undefined,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
    local: true,
  };
  const aws = connectAws(target, {});
  const signal = new AbortController().signal;
  const call = () =>
    aws.functions.invoke({ functionName: "fn", payload: new Uint8Array(), signal });
  await Promise.all(Array.from({ length: wanted }, call));
  expect(most).toBe(wanted);
});

test("a local target that went away is told as such", async () => {
  const { aws, close } = await portsAgainst(() => ({ body: "" }));
  close();
  const call = aws.functions.invoke({ functionName: "fn", payload: new Uint8Array() });
  await expect(call).rejects.toMatchObject({ code: "LMI_ENDPOINT_UNREACHABLE" });
});

test("a function, a provider or a stack that is not there is undefined, not an error", async () => {
  const { aws } = await portsAgainst(({ body }) =>
    body.includes("DescribeStacks")
      ? {
          status: 400,
          headers: { "content-type": "text/xml" },
          body: "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>",
        }
      : lambdaError("ResourceNotFoundException", 404),
  );
  expect(await aws.functions.find("fn")).toBeUndefined();
  expect(await aws.capacityProviders.find("cp")).toBeUndefined();
  expect(await aws.stacks.find("x")).toBeUndefined();
});

test("another ValidationError is one", async () => {
  const { aws } = await portsAgainst(() => ({
    status: 400,
    headers: { "content-type": "text/xml" },
    body: "<ErrorResponse><Error><Code>ValidationError</Code><Message>1 validation error</Message></Error></ErrorResponse>",
  }));
  await expect(aws.stacks.find("x")).rejects.toMatchObject({ code: "LMI_AWS_ERROR" });
});

test("a capacity provider's name is the end of its ARN", async () => {
  const arn = "arn:aws:lambda:us-east-1:000000000000:capacity-provider:cp-1";
  const { aws, requests } = await portsAgainst(() => ({
    body: JSON.stringify({
      CapacityProvider: {
        CapacityProviderArn: arn,
        State: "Active",
        CapacityProviderScalingConfig: { MaxVCpuCount: 30 },
        InstanceRequirements: { Architectures: ["x86_64"] },
        VpcConfig: { SubnetIds: ["subnet-1"] },
      },
    }),
  }));
  expect(await aws.capacityProviders.find(arn)).toEqual({
    name: "cp-1",
    arn,
    state: "Active",
    maxVCpuCount: 30,
    architecture: "x86_64",
    subnetIds: ["subnet-1"],
  });
  expect(decodeURIComponent(requests[0]?.url ?? "")).toContain(arn);
});

test("the caller is asked once", async () => {
  const { aws, requests } = await portsAgainst(() => ({
    headers: { "content-type": "text/xml" },
    body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:x</Arn><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
  }));
  expect(await aws.identity.caller()).toEqual({ accountId: "1", arn: "arn:x" });
  await aws.identity.caller();
  expect(requests).toHaveLength(1);
});

const page = (id: string, nextToken?: string) => ({
  body: JSON.stringify({
    events: [{ eventId: id, logStreamName: "s", timestamp: 1000, message: id }],
    ...(nextToken ? { nextToken } : {}),
  }),
});

test("log events come from every page", async () => {
  const { aws } = await portsAgainst(({ body }) =>
    body.includes("t2") ? page("b") : page("a", "t2"),
  );
  const found: LogEvent[] = [];
  for await (const event of aws.logs.events({ logGroup: "/g", filter: "x" })) found.push(event);
  expect(found).toEqual([
    { eventId: "a", logStream: "s", time: new Date(1000), message: "a" },
    { eventId: "b", logStream: "s", time: new Date(1000), message: "b" },
  ]);
});

test("a log group that is not there says how to get one", async () => {
  const { aws } = await portsAgainst(() => ({
    status: 400,
    body: JSON.stringify({ __type: "ResourceNotFoundException", message: "no" }),
  }));
  const read = async () => {
    for await (const event of aws.logs.events({ logGroup: "/g" })) throw new Error(event.message);
  };
  await expect(read()).rejects.toMatchObject({
    code: "LMI_LOG_GROUP_NOT_FOUND",
    next: "Deploy it: lmi deploy --local",
  });
});
