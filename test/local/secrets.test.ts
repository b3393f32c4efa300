import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { startTestTarget } from "../helpers/local-target.ts";

test("what is secret reaches neither the log nor errors, and what was signed with is stored nowhere", async () => {
  const lines: string[] = [];
  const target = await startTestTarget({
    log: (line) => lines.push(line),
    services: {
      logs: async () => () => ({
        name: "logs",
        operations: {
          PutLogEvents: async (input) => Promise.reject(new Error(Object.keys(input).join())),
        },
      }),
    },
  });
  const iam = target.client(IAMClient);
  const AssumeRolePolicyDocument =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }),
  );
  const sts = target.client(STSClient);
  const assuming = new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "session" });
  const { Credentials } = await sts.send(assuming);
  const lambda = target.client(LambdaClient, {
    credentials: { accessKeyId: "AKID", secretAccessKey: "secret-of-the-caller" },
  });
  const creation = (Description: string) =>
    new CreateFunctionCommand({
      FunctionName: "f",
      Role: Role?.Arn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Description,
      Environment: { Variables: { TOKEN: "secret-of-the-function" } },
      Code: { ZipFile: zipSync({ "index.mjs": Buffer.from("export const handler = () => 1") }) },
    });
  await lambda.send(creation("first"));
  const failures = await Promise.all([
    lambda.send(creation("again")).catch(String),
    lambda.send(creation("x".repeat(300))).catch(String),
    lambda
      .send(new InvokeCommand({ FunctionName: "f", Payload: '"secret-of-the-payload"' }))
      .catch(String),
    fetch(target.endpoint, {
      method: "POST",
      headers: { authorization: "Bearer secret-of-the-header" },
      body: "secret-of-the-body",
    }).then((answer) => answer.text()),
  ]);
  const told = `${lines.join("\n")}\n${failures.map(String).join("\n")}`;
  expect(told).not.toContain("secret-of");
  const stored = await everythingIn(target.stateDir);
  for (const secret of [
    "secret-of-the-caller",
    Credentials?.SecretAccessKey,
    Credentials?.SessionToken,
  ])
    expect(stored.includes(secret ?? "none"), secret).toBe(false);
  // Found where it is said to be.
  expect(stored).toContain("secret-of-the-function");
});

async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}
