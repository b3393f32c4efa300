import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListFunctionsCommand,
  TagResourceCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { ServiceError } from "../../../src/local/service-error.ts";
import type { ServiceName } from "../../../src/local/service.ts";
import { startTestTarget } from "../../helpers/local-target.ts";

/** A target whose one service answers with `output` and keeps what it was asked. */
async function answering(name: ServiceName, operation: string, output: object | Error) {
  const inputs: object[] = [];
  const target = await startTestTarget({
    services: {
      [name]: async () => () => ({
        name,
        operations: {
          [operation]: async (input: object) => {
            inputs.push(input);
            if (output instanceof Error) throw output;
            return output;
          },
        },
      }),
    },
  });
  return { target, inputs };
}

function withoutMetadata(answer: object): object {
  return { ...answer, $metadata: undefined };
}

test("awsQuery: lists, structures and texts of every kind go in, answers come out", async () => {
  const output = { StackId: "arn:x", OperationId: "o" };
  const { target, inputs } = await answering("cloudformation", "CreateStack", output);
  const input = {
    StackName: "s",
    TemplateBody: '{"a": "ü & <b>\\n"}',
    Parameters: [
      { ParameterKey: "a", ParameterValue: "1", UsePreviousValue: false },
      { ParameterKey: "b", ParameterValue: "" },
    ],
    Capabilities: ["CAPABILITY_IAM" as const, "CAPABILITY_NAMED_IAM" as const],
    TimeoutInMinutes: 5,
    DisableRollback: true,
    Tags: Array.from({ length: 12 }, (_, index) => ({ Key: `k${index}`, Value: "v=1&2" })),
  };
  const answer = await target.client(CloudFormationClient).send(new CreateStackCommand(input));
  expect(inputs).toEqual([input]);
  expect(withoutMetadata(answer)).toEqual(output);
});

test("awsQuery: nested answers keep their dates, lists and characters", async () => {
  const Stacks = [
    {
      StackName: "a",
      CreationTime: new Date("2026-11-23T10:00:00.123Z"),
      StackStatus: "CREATE_COMPLETE" as const,
      StackStatusReason: '<bad> & "worse"\u0000',
      DisableRollback: false,
      Outputs: [{ OutputKey: "k", OutputValue: "v" }],
      Parameters: [],
    },
  ];
  const { target } = await answering("cloudformation", "DescribeStacks", { Stacks });
  const answer = await target.client(CloudFormationClient).send(new DescribeStacksCommand({}));
  // XML cannot carry a NUL.
  expect(answer.Stacks).toEqual([{ ...Stacks[0], StackStatusReason: '<bad> & "worse"\uFFFD' }]);
});

test("awsQuery: an error keeps code and text", async () => {
  const failure = new ServiceError("ValidationError", "Stack with id <x> does not exist");
  const { target } = await answering("cloudformation", "DescribeStacks", failure);
  await expect(
    target.client(CloudFormationClient).send(new DescribeStacksCommand({})),
  ).rejects.toMatchObject({
    name: "ValidationError",
    message: "Stack with id <x> does not exist",
    $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
  });
});

test("awsQuery: an error that the model names otherwise on the wire is found by either name", async () => {
  for (const code of ["ChangeSetNotFoundException", "ChangeSetNotFound"]) {
    const { target } = await answering(
      "cloudformation",
      "DescribeStacks",
      new ServiceError(code, "gone"),
    );
    const asked = target.client(CloudFormationClient).send(new DescribeStacksCommand({}));
    await expect(asked).rejects.toMatchObject({
      name: "ChangeSetNotFoundException",
      $metadata: { httpStatusCode: 404 },
    });
  }
});

test("ec2Query: filters and nested lists go in, reservations come out", async () => {
  const Reservations = [
    {
      ReservationId: "r-1",
      Instances: [
        {
          InstanceId: "i-1",
          LaunchTime: new Date("2026-11-23T10:00:00Z"),
          Tags: [{ Key: "a", Value: "b" }],
        },
      ],
    },
  ];
  const { target, inputs } = await answering("ec2", "DescribeInstances", { Reservations });
  const input = {
    Filters: [{ Name: "tag:a", Values: ["b", "c"] }],
    InstanceIds: ["i-1", "i-2"],
    MaxResults: 5,
  };
  const answer = await target.client(EC2Client).send(new DescribeInstancesCommand(input));
  expect(inputs).toEqual([input]);
  expect(answer.Reservations).toEqual(Reservations);
});

test("ec2Query: an error keeps code and text, and a missing parameter is named", async () => {
  const { target } = await answering("ec2", "RunInstances", {});
  // @ts-expect-error -- required members are left out on purpose
  const asked = target.client(EC2Client).send(new RunInstancesCommand({ MinCount: 1 }));
  await expect(asked).rejects.toMatchObject({
    name: "MissingParameter",
    message: "The request must contain the parameter MaxCount",
  });
});

test("restJson1: path, query, headers, documents, blobs and dates", async () => {
  const output = {
    FunctionName: "f",
    Version: "1",
    LastModified: "2026-11-23T10:00:00.000+0000",
    Environment: { Variables: { A: "1" } },
    CodeSize: 3,
  };
  const { target, inputs } = await answering("lambda", "CreateFunction", output);
  const input = {
    FunctionName: "f",
    Role: "arn:aws:iam::000000000000:role/r",
    Code: { ZipFile: Buffer.from([0, 1, 255]) },
    Environment: { Variables: { A: "ü", B: "" } },
    MemorySize: 2048,
    Publish: true,
  };
  const answer = await target.client(LambdaClient).send(new CreateFunctionCommand(input));
  expect(inputs).toEqual([input]);
  expect(answer).toMatchObject({ ...output, $metadata: { httpStatusCode: 201 } });
});

test("restJson1: a name in the path is decoded, and each operation has its own path", async () => {
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
  const tags = await answering("lambda", "TagResource", {});
  await tags.target
    .client(LambdaClient)
    .send(new TagResourceCommand({ Resource: arn, Tags: { a: "b" } }));
  expect(tags.inputs).toEqual([{ Resource: arn, Tags: { a: "b" } }]);
  const get = await answering("lambda", "GetFunction", {});
  await get.target
    .client(LambdaClient)
    .send(new GetFunctionCommand({ FunctionName: arn, Qualifier: "$LATEST.PUBLISHED" }));
  expect(get.inputs).toEqual([{ FunctionName: arn, Qualifier: "$LATEST.PUBLISHED" }]);
  const list = await answering("lambda", "ListFunctions", { Functions: [{ FunctionName: "f" }] });
  const answer = await list.target
    .client(LambdaClient)
    .send(new ListFunctionsCommand({ MaxItems: 3, Marker: "a b&c" }));
  expect(list.inputs).toEqual([{ MaxItems: 3, Marker: "a b&c" }]);
  expect(answer.Functions).toEqual([{ FunctionName: "f" }]);
});

test("restJson1: an invocation's payload passes as it is, with what the headers say", async () => {
  const Payload = Buffer.from('{"n": 1.0, "s": "ü"}');
  const output = { StatusCode: 200, FunctionError: "Unhandled", ExecutedVersion: "7", Payload };
  const { target, inputs } = await answering("lambda", "Invoke", output);
  const answer = await target
    .client(LambdaClient)
    .send(
      new InvokeCommand({ FunctionName: "f", InvocationType: "Event", Qualifier: "live", Payload }),
    );
  expect(inputs).toEqual([
    { FunctionName: "f", InvocationType: "Event", Qualifier: "live", Payload },
  ]);
  expect(answer).toMatchObject({
    StatusCode: 200,
    FunctionError: "Unhandled",
    ExecutedVersion: "7",
  });
  expect(Buffer.from(answer.Payload ?? []).toString()).toBe(Payload.toString());
});

test("restJson1: an error has its class, its status and its members", async () => {
  const failure = new ServiceError("TooManyRequestsException", "Rate Exceeded.", {
    members: { Reason: "ConcurrentInvocationLimitExceeded", retryAfterSeconds: "1" },
  });
  const { target } = await answering("lambda", "Invoke", failure);
  await expect(
    target.client(LambdaClient).send(new InvokeCommand({ FunctionName: "f" })),
  ).rejects.toMatchObject({
    name: "TooManyRequestsException",
    message: "Rate Exceeded.",
    Type: "User",
    Reason: "ConcurrentInvocationLimitExceeded",
    retryAfterSeconds: "1",
    $metadata: { httpStatusCode: 429 },
  });
});

test("event streams arrive piece by piece", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  async function* events() {
    yield { PayloadChunk: { Payload: Buffer.from("one") } };
    await released;
    yield { PayloadChunk: { Payload: Buffer.from("two") } };
    yield { InvokeComplete: { ErrorCode: "Unhandled", ErrorDetails: "broken" } };
  }
  const output = {
    StatusCode: 200,
    ResponseStreamContentType: "text/plain",
    EventStream: events(),
  };
  const { target } = await answering("lambda", "InvokeWithResponseStream", output);
  const answer = await target
    .client(LambdaClient)
    .send(new InvokeWithResponseStreamCommand({ FunctionName: "f", Payload: Buffer.from("{}") }));
  expect(answer.ResponseStreamContentType).toBe("text/plain");
  const seen: unknown[] = [];
  for await (const event of answer.EventStream ?? []) {
    // The second piece is not sent before the first one was seen.
    release();
    seen.push(
      event.PayloadChunk
        ? Buffer.from(event.PayloadChunk.Payload ?? []).toString()
        : event.InvokeComplete,
    );
  }
  expect(seen).toEqual(["one", "two", { ErrorCode: "Unhandled", ErrorDetails: "broken" }]);
});
