import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Machine } from "./lmi.ts";

const settings = {
  name: "sources",
  functions: {
    seen: {
      entry: "src/handler.ts",
      minEnvironments: 1,
      maxEnvironments: 1,
      events: [
        { type: "http", auth: "none", routes: ["GET /orders/{id}"] },
        { type: "schedule", expression: "rate(1 day)", input: { from: "schedule" } },
        { type: "rule", pattern: { source: ["shop"] }, inputPath: "$.detail" },
        { type: "s3", prefix: "in/" },
        { type: "sns", filter: { kind: ["order"] } },
      ],
    },
  },
};
const handler = `export const handler = async (event) => {
  console.log("SEEN " + JSON.stringify(event));
  return { statusCode: 200, body: JSON.stringify(event.pathParameters ?? {}) };
};
`;

describe("a function that five kinds of sources call", () => {
  let machine: Machine;
  let cwd: string;
  let outputs: Record<string, string>;
  let client: object;

  const seen = async (what: string) => {
    const tail = machine.start(["logs", "--local", "-f", "--since", "1h"], { cwd });
    await tail.shows(new RegExp(what));
    tail.kill("SIGINT");
    await tail.finished;
  };

  beforeAll(async () => {
    machine = await Machine.create();
    cwd = join(machine.home, "sources");
    await mkdir(join(cwd, "src"), { recursive: true });
    await writeFile(join(cwd, "lmi.json"), JSON.stringify(settings));
    await writeFile(join(cwd, "src/handler.ts"), handler);
    const file = join(cwd, "outputs.json");
    const args = ["deploy", "--local", "--yes", "--json", "--outputs-file", file];
    const deploy = await machine.lmi(args, { cwd });
    expect(deploy, deploy.stderr + deploy.stdout).toMatchObject({ code: 0 });
    outputs = (JSON.parse(await readFile(file, "utf8")) as Record<string, Record<string, string>>)[
      "lmi-sources"
    ] as Record<string, string>;
    const status = await machine.lmi(["local", "status", "--json"], { cwd });
    const { endpoint } = JSON.parse(status.stdout) as { endpoint: string };
    const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
    client = { endpoint, region: "us-east-1", credentials, forcePathStyle: true };
  }, 120_000);
  afterAll(() => machine.dispose([cwd]));

  test("the URL that deploy prints answers", async () => {
    const url = new URL("orders/a%20b", outputs["SeenLambdaHttpUrl"]);
    const answer = await new Promise<string>((resolve, reject) => {
      // Not every resolver knows names below localhost.
      const asked = { host: "127.0.0.1", port: url.port, path: url.pathname };
      request({ ...asked, headers: { host: url.host } }, (response) =>
        text(response).then(resolve, reject),
      )
        .on("error", reject)
        .end();
    });
    expect(JSON.parse(answer)).toEqual({ id: "a b" });
  });

  test("a schedule has come, since a rate begins at once", async () => {
    await expect(seen("SEEN .*from.*schedule")).resolves.toBeUndefined();
  });

  test("an event, a message and an object come", async () => {
    const events = new EventBridgeClient(client);
    const Detail = JSON.stringify({ from: "a rule" });
    const entry = { Source: "shop", DetailType: "Order", Detail };
    await events.send(new PutEventsCommand({ Entries: [entry] }));
    await expect(seen("SEEN .*from.*a rule")).resolves.toBeUndefined();

    const sns = new SNSClient(client);
    const kind = { DataType: "String", StringValue: "order" };
    await sns.send(
      new PublishCommand({
        TopicArn: outputs["SeenLambdaSnsTopicArn"],
        Message: "from a topic",
        MessageAttributes: { kind },
      }),
    );
    await expect(seen("SEEN .*from a topic")).resolves.toBeUndefined();

    const s3 = new S3Client(client);
    const Bucket = outputs["SeenLambdaS3BucketName"];
    await s3.send(new PutObjectCommand({ Bucket, Key: "in/from-a-bucket", Body: "x" }));
    await expect(seen("SEEN .*in/from-a-bucket")).resolves.toBeUndefined();
    for (const each of [events, sns, s3]) each.destroy();
  });
});
