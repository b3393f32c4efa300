import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateCapacityProviderCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  GetCapacityProviderCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { expect, onTestFinished, test } from "vitest";
import { seededRandom } from "../helpers/seeded-random.ts";

// Acknowledged means durable: the target is killed right after it acknowledged asynchronous invokes, again and again.
const rounds = 10;
const eventsEach = 5;
const seed = Number(process.env["LMI_KILL_SEED"] ?? Date.now() % 1_000_000);
const script = fileURLToPath(new URL("../fixtures/start-target.ts", import.meta.url));
const code = new URL("../fixtures/functions/web.mjs", import.meta.url);
const patient = { timeout: 30_000, interval: 100 };

async function start(stateDir: string): Promise<{ child: ChildProcess; endpoint: string }> {
  const child = spawn(process.execPath, [script, stateDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [endpoint] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, endpoint };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

const client = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

async function deploy(endpoint: string): Promise<void> {
  const ec2 = new EC2Client(client(endpoint));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "10.0.0.0/24" }),
  );
  const iam = new IAMClient(client(endpoint));
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "role",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      }),
    }),
  );
  const lambda = new LambdaClient(client(endpoint));
  const { CapacityProvider } = await lambda.send(
    new CreateCapacityProviderCommand({
      CapacityProviderName: "pool",
      VpcConfig: { SubnetIds: [Subnet?.SubnetId ?? ""], SecurityGroupIds: [] },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: Role?.Arn },
    }),
  );
  await expect
    .poll(async () => {
      const input = { CapacityProviderName: "pool" };
      const answer = await lambda.send(new GetCapacityProviderCommand(input));
      return answer.CapacityProvider?.State;
    }, patient)
    .toBe("Active");
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "f",
      Runtime: "nodejs24.x",
      Handler: "web.handler",
      Role: Role?.Arn,
      Code: { ZipFile: zipSync({ "web.mjs": new Uint8Array(await readFile(code)) }) },
      PublishTo: "LATEST_PUBLISHED",
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: CapacityProvider?.CapacityProviderArn,
        },
      },
    }),
  );
  const input = { FunctionName: "f", Qualifier: "$LATEST.PUBLISHED" };
  await expect
    .poll(
      async () => (await lambda.send(new GetFunctionConfigurationCommand(input))).State,
      patient,
    )
    .toBe("Active");
}

async function logged(endpoint: string): Promise<string> {
  const logs = new CloudWatchLogsClient(client(endpoint));
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: "/aws/lambda/f",
        filterPattern: "event",
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    lines.push(...(answer.events ?? []).map(({ message = "" }) => message));
    ({ nextToken } = answer);
  } while (nextToken !== undefined);
  return lines.join("\n");
}

test(`no acknowledged event is lost by kill -9 (seed ${seed})`, async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "lmi-killed-"));
  const random = seededRandom(seed);
  let { child, endpoint } = await start(stateDir);
  onTestFinished(async () => {
    await kill(child);
    await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
  });
  await deploy(endpoint);
  const sent: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const lambda = new LambdaClient(client(endpoint));
    for (let event = 0; event < eventsEach; event += 1) {
      const name = `event ${round}-${event}.`;
      const Payload = Buffer.from(JSON.stringify({ rawPath: "/logs", name }));
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: "f", InvocationType: "Event", Payload }),
      );
      expect(answer.StatusCode).toBe(202);
      sent.push(name);
    }
    await sleep(Math.floor(random() * 150));
    await kill(child);
    ({ child, endpoint } = await start(stateDir));
  }
  await expect
    .poll(async () => {
      const lines = await logged(endpoint);
      return sent.filter((name) => !lines.includes(name));
    }, patient)
    .toEqual([]);
});

test("a function URL is the one that answers, also after a restart", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "lmi-url-"));
  let { child, endpoint } = await start(stateDir);
  onTestFinished(async () => {
    await kill(child);
    await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
  });
  await deploy(endpoint);
  const input = { FunctionName: "f" };
  const created = await new LambdaClient(client(endpoint)).send(
    new CreateFunctionUrlConfigCommand({ ...input, AuthType: "NONE" }),
  );
  expect(await get(`${created.FunctionUrl}text`)).toBe('"Hello, world!"');
  await kill(child);
  ({ child, endpoint } = await start(stateDir));
  const again = await new LambdaClient(client(endpoint)).send(
    new GetFunctionUrlConfigCommand(input),
  );
  expect(new URL(again.FunctionUrl ?? "").port).toBe(new URL(endpoint).port);
  expect(new URL(again.FunctionUrl ?? "").hostname).toBe(
    new URL(created.FunctionUrl ?? "").hostname,
  );
  expect(await get(`${again.FunctionUrl}text`)).toBe('"Hello, world!"');
});

/** Not every resolver knows names below localhost. */
function get(url: string): Promise<string> {
  const { port, host, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", port, path: pathname, headers: { host } }, (response) => {
      text(response).then(resolve, reject);
    })
      .on("error", reject)
      .end();
  });
}
