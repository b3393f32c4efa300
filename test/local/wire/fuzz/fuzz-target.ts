import { zipSync } from "fflate";
import { systemClock } from "../../../../src/local/clock.ts";
import type { ServiceName } from "../../../../src/local/service.ts";
import { createDispatch, type Dispatch } from "../../../../src/local/wire/dispatch.ts";
import { startTestTarget, type TestTarget } from "../../../helpers/local-target.ts";

export interface FuzzTarget {
  readonly dispatch: Dispatch;
  /** What the target's log says that must never be there. */
  readonly failures: string[];
  readonly close: () => Promise<void>;
}

/** A target with one of everything, called `fixture`, and a way in below HTTP. */
export async function startFuzzTarget(): Promise<FuzzTarget> {
  const failures: string[] = [];
  const log = (line: string) => {
    if (/internal failure|broke|Internal error/.test(line)) failures.push(line);
  };
  const target = await startTestTarget({ manual: true, log });
  await makeFixtures(target);
  const dispatch = createDispatch({
    accountId: target.context.accountId,
    clock: systemClock,
    call: target.context.call,
    faults: target.faults,
    control: () => Promise.reject(new Error("nothing here controls the target")),
    log,
  });
  return { dispatch, failures, close: () => target.close() };
}

async function makeFixtures({ context: target }: TestTarget): Promise<void> {
  const context = {
    region: "us-east-1",
    accountId: target.accountId,
    requestId: "00000000-0000-0000-0000-000000000000",
    accessKeyId: "lmi-local",
    signal: new AbortController().signal,
  };
  const make = (service: ServiceName, operation: string, input: object) =>
    target.call<Record<string, never>>(service, operation, input, context);
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  });
  await make("iam", "CreateRole", { RoleName: "fixture", AssumeRolePolicyDocument: trust });
  await make("ssm", "PutParameter", { Name: "fixture", Type: "String", Value: "x" });
  await make("s3", "CreateBucket", { Bucket: "fixture-bucket" });
  await make("s3", "PutObject", {
    Bucket: "fixture-bucket",
    Key: "fixture",
    Body: Buffer.from("x"),
  });
  await make("logs", "CreateLogGroup", { logGroupName: "fixture" });
  await make("logs", "CreateLogStream", { logGroupName: "fixture", logStreamName: "fixture" });
  await make("ecr", "CreateRepository", { repositoryName: "fixture" });
  const { KeyMetadata } = await make("kms", "CreateKey", {});
  await make("kms", "CreateAlias", {
    AliasName: "alias/fixture",
    TargetKeyId: (KeyMetadata as unknown as { KeyId: string }).KeyId,
  });
  await make("lambda", "CreateFunction", {
    FunctionName: "fixture",
    Role: `arn:aws:iam::${target.accountId}:role/fixture`,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: zipSync({ "index.mjs": Buffer.from("export const handler = () => 1") }) },
  });
  await make("sqs", "CreateQueue", { QueueName: "fixture" });
  await make("sns", "CreateTopic", { Name: "fixture" });
  await make("events", "PutRule", { Name: "fixture", EventPattern: '{"source":["fixture"]}' });
  await make("secretsmanager", "CreateSecret", { Name: "fixture", SecretString: "x" });
  await make("scheduler", "CreateSchedule", {
    Name: "fixture",
    ScheduleExpression: "rate(1 day)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: `arn:aws:sqs:us-east-1:${target.accountId}:fixture`,
      RoleArn: `arn:aws:iam::${target.accountId}:role/fixture`,
    },
  });
  await make("cloudformation", "CreateStack", {
    StackName: "fixture",
    TemplateBody: '{"Resources":{"A":{"Type":"AWS::CloudFormation::WaitConditionHandle"}}}',
  });
}
