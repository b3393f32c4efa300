import process from "node:process";
import { expect, test } from "vitest";

import { startLocalTarget } from "../../../../src/local/local-target.ts";
import { writeTargetFile } from "../../../../src/cli/local/target-file.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { race } from "./raced.ts";

/** Fails with where it was sent, unless somebody answers there. */
const asks = `
export const handler = async (event: any) => {
  const at = process.env.AWS_ENDPOINT_URL + "/ " + process.env.AWS_REGION;
  const answer = await fetch(process.env.AWS_ENDPOINT_URL + "/_lmi").catch(() => undefined);
  throw new Error(at + " " + JSON.stringify(await answer?.json()));
};`;

test("--network sends calls to AWS to the project's local target, in the project's region", async () => {
  const stateDir = await temporaryFolder({});
  const target = await startLocalTarget({ stateDir, identity: { pid: process.pid } });
  const { endpoint, port } = target;
  const at = { startedAt: new Date().toISOString(), version: "1.0.0", pid: process.pid };
  writeTargetFile(stateDir, { endpoint, port, ...at });
  try {
    const files = {
      "lmi.json": JSON.stringify({
        region: "eu-central-1",
        functions: { api: { concurrency: 8 } },
      }),
      "src/handler.ts": asks,
    };
    const system = { env: { LMI_LOCAL_STATE: stateDir } };
    const { error, reporter } = await race(files, { network: true, repeat: "1" }, system);
    expect(error?.why).toContain(`${endpoint}/ eu-central-1 {"pid":${process.pid}}`);
    expect(reporter.said).toContain(`info Calls to AWS go to the local target at ${endpoint}.`);
  } finally {
    await target.close();
  }
});

test("where no local target runs, they find nobody, and it is said", async () => {
  const env = { LMI_LOCAL_STATE: await temporaryFolder({}) };
  const { error, reporter } = await race(
    { "src/handler.ts": asks },
    { network: true, repeat: "1" },
    { env },
  );
  expect(error?.why).toContain("http://127.0.0.1:9/ us-east-1 undefined");
  expect(reporter.said.join("\n")).toContain("info Calls to AWS find nobody");
});
