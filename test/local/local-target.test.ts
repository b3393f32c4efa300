import { connect } from "node:net";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, onTestFinished, test } from "vitest";
import { startLocalTarget } from "../../src/local/local-target.ts";
import type { AnsweredRequest } from "../../src/local/request-log.ts";
import type { Service } from "../../src/local/service.ts";
import { startTestTarget } from "../helpers/local-target.ts";
import { openToOthers } from "../helpers/open-to-others.ts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lmi-target-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("a second start finds what the first one left, on the port it is told", async () => {
  const stateDir = await temporaryFolder();
  const first = await startTestTarget({ stateDir });
  const s3 = first.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "hello" }));
  const { port } = first;
  await first.close();
  const second = await startTestTarget({ stateDir, port });
  expect(second.endpoint).toBe(`http://127.0.0.1:${port}`);
  const { Body } = await second
    .client(S3Client)
    .send(new GetObjectCommand({ Bucket: "bucket", Key: "k" }));
  expect(await Body?.transformToString()).toBe("hello");
});

test("a later start takes the port of the one before, or another where that is taken", async () => {
  const stateDir = await temporaryFolder();
  const first = await startTestTarget({ stateDir });
  await first.close();
  const second = await startTestTarget({ stateDir });
  expect(second.port).toBe(first.port);
  await second.close();
  const stranger = await startTestTarget({ port: first.port });
  const third = await startTestTarget({ stateDir });
  expect(third.port).not.toBe(stranger.port);
});

test("services that left work take it up at start, and close when the target does", async () => {
  const stateDir = await temporaryFolder();
  const events: string[] = [];
  const services = {
    lambda: async () => (): Service => ({
      name: "lambda",
      operations: {},
      resume: async () => void events.push("resume"),
      close: async () => void events.push("close"),
    }),
  };
  const first = await startTestTarget({ stateDir, services });
  first.context.state.collection("lambda.functions").put("us-east-1", "f", { name: "f" });
  await first.close();
  expect(events).toEqual([]);
  const second = await startTestTarget({ stateDir, services });
  expect(events).toEqual(["resume"]);
  await second.close();
  expect(events).toEqual(["resume", "close"]);
});

test("a start that fails leaves neither port nor state folder taken", async () => {
  const stateDir = await temporaryFolder();
  const services = {
    lambda: async () => (): Service => ({
      name: "lambda",
      operations: {},
      resume: async () => {
        throw new Error("cannot resume");
      },
    }),
  };
  const first = await startTestTarget({ stateDir });
  first.context.state.collection("lambda.functions").put("us-east-1", "f", { name: "f" });
  const { port } = first;
  await first.close();
  await expect(startLocalTarget({ stateDir, port, services })).rejects.toThrow("cannot resume");
  const again = await startTestTarget({
    stateDir,
    port,
    services: { lambda: async () => () => ({ name: "lambda", operations: {} }) },
  });
  expect(await again.client(STSClient).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: "000000000000",
  });
});

test("closing does not wait for clients that hold a connection", async () => {
  const target = await startTestTarget();
  const socket = connect(target.port, "127.0.0.1");
  await new Promise((resolve) => {
    socket.once("connect", resolve);
  });
  const closed = new Promise((resolve) => {
    socket.once("close", resolve);
  });
  await target.close();
  await closed;
  expect(socket.destroyed).toBe(true);
});

test("a state folder that cannot be made is said", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "file"), "");
  await expect(startLocalTarget({ stateDir: join(folder, "file", "state") })).rejects.toMatchObject(
    {
      code: "LMI_LOCAL_STATE_UNWRITABLE",
    },
  );
});

test.skipIf(process.platform === "win32")(
  "what it remembers is for its owner only, also in a folder that was open to others",
  async () => {
    const stateDir = await temporaryFolder();
    await chmod(stateDir, 0o755);
    await writeFile(join(stateDir, "logs.sqlite"), "", { mode: 0o644 });
    const target = await startTestTarget({ stateDir });
    const { CreateLogGroupCommand, CreateLogStreamCommand, CloudWatchLogsClient } =
      await import("@aws-sdk/client-cloudwatch-logs");
    const logs = target.client(CloudWatchLogsClient);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "g" }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: "g", logStreamName: "s" }));
    await target.context.blobs.put(new Uint8Array([1]));
    expect(await readdir(stateDir)).toEqual(
      expect.arrayContaining(["blobs", "logs.sqlite-wal", "state.sqlite-wal"]),
    );
    expect(await openToOthers(stateDir)).toEqual([]);
  },
);

test("who called what, and how it ended, is told; nothing of what was in it", async () => {
  const told: AnsweredRequest[] = [];
  const target = await startTestTarget({ answered: (request) => void told.push(request) });
  const s3 = target.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const secret = { Bucket: "bucket", Key: "secret" };
  await expect(s3.send(new GetObjectCommand(secret))).rejects.toThrow("does not exist");
  await fetch(target.endpoint);
  const anyId = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
  const client = expect.stringMatching(/^aws-sdk-js\//) as string;
  const region = "us-east-1";
  expect(told).toEqual([
    { requestId: anyId, service: "s3", region, operation: "CreateBucket", status: 200, client },
    {
      requestId: anyId,
      service: "s3",
      region,
      operation: "GetObject",
      status: 404,
      error: "NoSuchKey",
      client,
    },
    { requestId: anyId, status: 403, error: "MissingAuthenticationToken", client: "node" },
  ]);
});
