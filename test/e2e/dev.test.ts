import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";

import { pythonPrograms } from "../helpers/python.ts";
import { Machine, repository } from "./lmi.ts";

test("lmi dev runs a new project, lmi invoke and the next save reach it, and SIGTERM ends it all", async () => {
  const machine = await Machine.create();
  const cwd = join(machine.home, "hello");
  onTestFinished(() => machine.dispose([cwd]));
  expect(await machine.lmi(["init", "hello", "--yes"])).toMatchObject({ code: 0 });

  const dev = machine.start(["dev", "--event", "events/sample.json"], { cwd });
  await dev.shows(/export AWS_ENDPOINT_URL=/);
  const invoked = await machine.lmi(["invoke", "--local"], { cwd });
  expect(invoked).toMatchObject({ code: 0, stdout: expect.stringContaining("Hello from Lambda") });

  const file = join(cwd, "src", "handler.ts");
  await writeFile(file, (await readFile(file, "utf8")).replace("Hello from", "Saved for"));
  await dev.shows(/Reloaded my-managed-instance-function in/);
  await dev.shows(/Saved for Lambda/);

  dev.kill("SIGTERM");
  expect(await dev.finished).toMatchObject({ code: 143 });
  const status = await machine.lmi(["local", "status", "--json"], { cwd });
  expect(JSON.parse(status.stdout)).toMatchObject({ running: false });
}, 90_000);

// A profile is named as on many people's machines: it would win, had the printed lines not unset it.
test("with the lines that lmi dev prints, the AWS CLI, boto3 and the SDK for JavaScript invoke the function", async () => {
  const machine = await Machine.create({ AWS_PROFILE: "work" });
  const cwd = join(machine.home, "hello");
  onTestFinished(() => machine.dispose([cwd]));
  await machine.lmi(["init", "hello", "--yes"]);
  const dev = machine.start(["dev"], { cwd, env: { AWS_PROFILE: "" } });
  await dev.shows(/unset AWS_PROFILE/);
  const lines = dev.written().match(/^ {2}(?:export|unset) AWS_.*$/gm) ?? [];

  for (const client of clients()) {
    const { stdout, stderr } = await machine.run("sh", ["-c", [...lines, client].join("\n")], {
      cwd: repository,
    });
    expect(stdout, stderr).toContain("Hello from Lambda Managed Instances!");
  }
  dev.kill("SIGTERM");
  await dev.finished;
}, 120_000);

const named = "my-managed-instance-function";

function clients(): string[] {
  const sdk = `import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
const { Payload } = await new LambdaClient({}).send(new InvokeCommand({ FunctionName: "${named}", Payload: "{}" }));
console.log(Buffer.from(Payload).toString());`;
  const boto3 = `import boto3; print(boto3.client("lambda").invoke(FunctionName="${named}", Payload=b"{}")["Payload"].read().decode())`;
  const programs = pythonPrograms();
  const python = [
    `"${programs}/aws" lambda invoke --function-name ${named} --payload '{}' /dev/stdout | cat`,
    `"${programs}/python" -c '${boto3}'`,
  ];
  return [
    `"${process.execPath}" --input-type=module -e '${sdk}'`,
    ...(programs === undefined ? [] : python),
  ];
}
