import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateCapacityProviderCommand,
  CreateFunctionCommand,
  GetCapacityProviderCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { startTestTarget, type TestTarget } from "../helpers/local-target.ts";
import { pythonProgram } from "../helpers/python.ts";

const run = promisify(execFile);
const handler = new URL("../fixtures/functions/hello.mjs", import.meta.url);
const reader = fileURLToPath(new URL("read-metrics.py", import.meta.url));
const invocations = 5;
let target: TestTarget;

/** Who asks for something that comes by itself. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("It did not come.");
}

beforeAll(async () => {
  target = await startTestTarget({ manual: true });
  await deployAndInvoke();
  return () => target.close();
});

async function deployAndInvoke(): Promise<void> {
  const lambda = target.client(LambdaClient);
  const ec2 = target.client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "10.0.0.0/24" }),
  );
  const { Role } = await target.client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: "role",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      }),
    }),
  );
  const { CapacityProvider } = await lambda.send(
    new CreateCapacityProviderCommand({
      CapacityProviderName: "pool",
      VpcConfig: { SubnetIds: [Subnet?.SubnetId ?? ""], SecurityGroupIds: [] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: Role?.Arn },
    }),
  );
  await until(async () => {
    const answer = await lambda.send(
      new GetCapacityProviderCommand({ CapacityProviderName: "pool" }),
    );
    return answer.CapacityProvider?.State === "Active";
  });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "f",
      Runtime: "nodejs24.x",
      Role: Role?.Arn,
      Handler: "hello.handler",
      Code: { ZipFile: zipSync({ "hello.mjs": new Uint8Array(await readFile(handler)) }) },
      PublishTo: "LATEST_PUBLISHED",
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: CapacityProvider?.CapacityProviderArn,
        },
      },
    }),
  );
  await until(async () => {
    const { State } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: "f", Qualifier: "$LATEST.PUBLISHED" }),
    );
    return State === "Active";
  });
  for (let sent = 0; sent < invocations; sent += 1)
    await lambda.send(new InvokeCommand({ FunctionName: "f", Payload: "{}" }));
  await until(async () => (await invocationsBySdk()) === invocations);
}

const hour = 3_600_000;

async function invocationsBySdk(): Promise<number | undefined> {
  const { MetricDataResults } = await target.client(CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - hour),
      EndTime: new Date(Date.now() + hour),
      MetricDataQueries: [
        {
          Id: "invocations",
          MetricStat: {
            Metric: {
              Namespace: "AWS/Lambda",
              MetricName: "Invocations",
              Dimensions: [{ Name: "FunctionName", Value: "f" }],
            },
            Period: 7200,
            Stat: "Sum",
          },
        },
      ],
    }),
  );
  return MetricDataResults?.[0]?.Values?.[0];
}

function environment(): Record<string, string | undefined> {
  const { PATH, HOME } = process.env; // oxlint-disable-line node/no-process-env -- as any program has them
  return {
    PATH,
    HOME,
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_PAGER: "",
    AWS_ENDPOINT_URL: target.endpoint,
  };
}

/** The pinned one, not what this machine may have. */
function program(name: "aws" | "python"): string {
  const path = pythonProgram(name);
  if (path === undefined) throw new Error(`There is no ${name}`);
  return path;
}

const words = (text: string) => text.split(" ");

const cloudwatch = async (...argv: string[]) => {
  const command = ["cloudwatch", ...argv, "--output", "json"];
  const { stdout } = await run(program("aws"), command, { env: environment() });
  return JSON.parse(stdout === "" ? "null" : stdout) as unknown;
};

describe("metrics of a function that ran", () => {
  test("are read by the AWS SDK for JavaScript", async () => {
    expect(await invocationsBySdk()).toBe(invocations);
  });

  test("are read by the AWS CLI", async () => {
    const [from, to] = [-hour, hour].map((by) => new Date(Date.now() + by).toISOString());
    const times = words(`--start-time ${from} --end-time ${to}`);
    expect(
      await cloudwatch(
        "get-metric-statistics",
        ...words("--namespace AWS/Lambda --metric-name Invocations"),
        ...words("--dimensions Name=FunctionName,Value=f --period 7200"),
        ...words("--statistics Sum"),
        ...times,
      ),
    ).toMatchObject({ Datapoints: [{ Sum: invocations, Unit: "Count" }] });
    const { Metrics } = (await cloudwatch(
      "list-metrics",
      ...words("--namespace AWS/Lambda --dimensions Name=CapacityProviderName"),
    )) as { readonly Metrics: readonly { readonly MetricName: string }[] };
    expect(Metrics.map(({ MetricName }) => MetricName)).toContain("vCPUAllocated");
    await cloudwatch(
      "put-metric-data",
      ...words("--namespace Cli --metric-name m --value 2.5 --unit Count"),
    );
    const queries = JSON.stringify([
      {
        Id: "q",
        MetricStat: {
          Metric: { Namespace: "Cli", MetricName: "m" },
          Period: 7200,
          Stat: "Average",
        },
      },
    ]);
    expect(
      await cloudwatch("get-metric-data", "--metric-data-queries", queries, ...times),
    ).toMatchObject({ MetricDataResults: [{ Values: [2.5], StatusCode: "Complete" }] });
    await expect(
      cloudwatch("put-metric-data", "--namespace", "AWS/x", "--metric-name", "m", "--value", "1"),
    ).rejects.toThrow("InvalidParameterValue");
  });

  // botocore takes the first protocol of its model that it speaks; older and newer ones take the others.
  test.each(["json", "smithy-rpc-v2-cbor", "query"])("are read by boto3 over %s", async (form) => {
    const { stdout } = await run(program("python"), [reader, form], { env: environment() });
    expect(JSON.parse(stdout)).toMatchObject({
      protocol: form,
      invocations,
      capacity: expect.arrayContaining(["ExecutionEnvironmentConcurrency", "vCPUAvailable"]),
      written: [1, 2, 3],
      pages: 2,
      refused: ["InvalidParameterValueException", "InvalidParameterValue"],
    });
  });
});
