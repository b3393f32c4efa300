import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { Machine } from "../e2e/lmi.ts";
import { cuttingProxy } from "../helpers/cutting-proxy.ts";
import { startTestTarget, type TestTarget } from "../helpers/local-target.ts";

const logGroupName = "/aws/lambda/busy";
const requests = 64;
const perRequest = 1563;
const perBatch = 63;
const streams = 8;
const timeout = 10 * 60_000;

async function makeTrouble({ faults }: TestTarget): Promise<void> {
  const filter = { service: "logs", operation: "FilterLogEvents" } as const;
  await faults.add({ fault: "throttle", ...filter, every: 4 });
  await faults.add({ fault: "error", ...filter, every: 7, status: 503 });
  await faults.add({ fault: "reset", ...filter, every: 9, when: "after" });
  await faults.add({ fault: "reset", service: "logs", operation: "StartLiveTail", every: 3 });
}

/** One batch of every stream: `perBatch` lines of each of its requests, one request after the other line by line. */
async function writeBatch(client: CloudWatchLogsClient, first: number): Promise<void> {
  const count = Math.min(perBatch, perRequest - first);
  for (let stream = 0; stream < streams; stream += 1) {
    const timestamp = Date.now();
    const logEvents = Array.from({ length: count }, (_, index) => first + index).flatMap((number) =>
      Array.from({ length: requests / streams }, (_, index) => ({
        timestamp,
        message: JSON.stringify({ requestId: `r${stream + index * streams}`, message: number }),
      })),
    );
    const logStreamName = `s${stream}`;
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
}

test.each([[[]], [["--poll"]]])(
  "64 requests at once, 100,000 lines, throttled and cut off: lmi logs -f %o shows each once, in order",
  async (flags) => {
    const target = await startTestTarget();
    const proxy = await cuttingProxy(target.endpoint);
    const machine = await Machine.create({
      AWS_ENDPOINT_URL: proxy.endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "lmi-local",
      AWS_SECRET_ACCESS_KEY: "lmi-local",
    });
    onTestFinished(async () => {
      await proxy.close();
      await machine.dispose([]);
    });
    const cwd = join(machine.home, "project");
    await mkdir(cwd);
    await writeFile(join(cwd, "lmi.json"), '{"name":"busy","functions":{"busy":{}}}');
    const client = target.client(CloudWatchLogsClient);
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    for (let stream = 0; stream < streams; stream += 1)
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: `s${stream}` }));
    const following = machine.start(["logs", "busy", "-f", "--since", "1h", "--json", ...flags], {
      cwd,
    });
    for (let first = 0; first < perRequest; first += perBatch) {
      await writeBatch(client, first);
      // Once something came, so that there is something to break.
      if (first === 0) {
        await following.shows(/requestId/);
        await makeTrouble(target);
      }
      if ((first / perBatch) % 5 === 4) proxy.cut();
    }
    // The last number of the last request of each stream.
    const last = String.raw`{\\"requestId\\":\\"r`;
    for (let request = requests - streams; request < requests; request += 1)
      await following.shows(
        new RegExp(`${last}${request}\\\\",\\\\"message\\\\":${perRequest - 1}}`),
      );
    following.kill("SIGINT");
    const { code, stdout } = await following.finished;
    const found = new Map<string, number[]>();
    for (const text of stdout.trim().split("\n")) {
      const { type, message } = JSON.parse(text) as { type: string; message: string };
      if (type !== "log") continue;
      const line = JSON.parse(message) as { requestId: string; message: number };
      const seen = found.get(line.requestId) ?? [];
      seen.push(line.message);
      found.set(line.requestId, seen);
    }
    const numbers = Array.from({ length: perRequest }, (_, number) => number);
    expect(code).toBe(130);
    expect(found.size).toBe(requests);
    for (const seen of found.values()) expect(seen).toEqual(numbers);
  },
  timeout,
);
