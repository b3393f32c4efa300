import {
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { HelloProject } from "../e2e/hello-project.ts";

let project: HelloProject;
beforeAll(async () => {
  project = await HelloProject.create();
});
afterAll(() => project.dispose());

const lmi = (...args: string[]) => project.lmi(...args);

const settings = (more: object, ...names: string[]) =>
  writeFile(
    join(project.cwd, "lmi.json"),
    JSON.stringify({
      name: "hello",
      functions: Object.fromEntries(names.map((name) => [name, { entry: "src/handler.ts" }])),
      ...more,
    }),
  );

async function defaultFunction(name: string, like: string): Promise<void> {
  const client = new LambdaClient(await project.clientSettings());
  const { Role } = await client.send(new GetFunctionConfigurationCommand({ FunctionName: like }));
  const ZipFile = zipSync({ "index.mjs": strToU8("export const handler = async () => 1;") });
  await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile },
    }),
  );
}

test("what cannot change in place is refused with a way out, before anything is touched", async () => {
  await settings({}, "one");
  expect(await lmi("deploy", "--yes")).toMatchObject({ code: 0 });

  const range = await lmi("deploy", "--yes", "--cidr", "10.9.0.0/16");
  expect(range).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("LMI_NETWORK_REPLACEMENT"),
  });

  await settings(
    { overrides: { OneLambda: { "Properties.CapacityProviderConfig": null } } },
    "one",
  );
  const back = await lmi("deploy", "--yes");
  expect(back.code).toBe(2);
  expect(back.stderr).toContain("one is a function on managed instances and cannot become");

  await defaultFunction("two", "one");
  await settings({}, "one", "two");
  const diff = await lmi("diff");
  expect(diff.code).toBe(0);
  expect(diff.stdout).toMatch(/^Refused There is a default Lambda function two,/m);
  const taken = await lmi("deploy", "--yes");
  expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining("LMI_FUNCTION_KIND") });

  await settings({}, "one");
  const same = await lmi("diff", "--fail", "--drift");
  expect(same).toMatchObject({ code: 0 });
}, 60_000);
