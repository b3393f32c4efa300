import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startTestTarget, type TestTarget } from "../helpers/local-target.ts";
import { Machine, repository } from "./lmi.ts";

const logGroupName = "/aws/lambda/many";
const lines = 30_000;
const timeout = 60_000;

/** The built command against an endpoint that is not the local target of a project, as AWS is not. */
let target: TestTarget;
let machine: Machine;
let cwd: string;

beforeAll(async () => {
  target = await startTestTarget({ manual: true });
  machine = await Machine.create({
    AWS_ENDPOINT_URL: target.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
  });
  cwd = join(machine.home, "project");
  await mkdir(cwd);
  await writeFile(join(cwd, "lmi.json"), '{"name":"many","functions":{"many":{}}}');
  const client = target.client(CloudWatchLogsClient);
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "s" }));
  for (let first = 0; first < lines; first += 5000) await put(first, 5000);
}, timeout);

afterAll(async () => {
  await machine.dispose([]);
  await target.close();
});

async function put(first: number, count: number): Promise<void> {
  const timestamp = Date.now();
  const logEvents = Array.from({ length: count }, (_, index) => ({
    timestamp,
    message: JSON.stringify({
      level: "INFO",
      requestId: "3f2a91c4-1",
      message: `n${first + index}`,
    }),
  }));
  const command = new PutLogEventsCommand({ logGroupName, logStreamName: "s", logEvents });
  await target.client(CloudWatchLogsClient).send(command);
}

test(
  "every line is printed, whichever way they are read",
  async () => {
    const { code, stdout } = await machine.lmi(["logs", "--since", "1h"], { cwd });
    const numbers = [...stdout.matchAll(/ n(?<number>\d+)$/gm)].map(({ groups }) =>
      Number(groups?.["number"]),
    );
    expect(code).toBe(0);
    expect(numbers).toEqual(Array.from({ length: lines }, (_, number) => number));
  },
  timeout,
);

test(
  "a reader that has seen enough ends it quietly",
  async () => {
    const { code, stdout, stderr } = await machine.run(
      "sh",
      [
        "-c",
        `"$0" "$1" logs --since 1h | head -n 3`,
        process.execPath,
        join(repository, "bin/lmi.js"),
      ],
      { cwd },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trim().split("\n")).toHaveLength(3);
  },
  timeout,
);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s while following ends it with %i, and the lines so far are there",
  async (signal, expected) => {
    const running = machine.start(["logs", "-f", "--since", "1h", "--verbose"], { cwd });
    await running.shows(new RegExp(`n${lines - 1}\\n`));
    running.kill(signal);
    const { code, stderr } = await running.finished;
    expect(code).toBe(expected);
    expect(stderr).not.toContain("✗");
  },
  timeout,
);
