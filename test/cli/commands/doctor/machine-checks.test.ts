import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { cdkCheck } from "../../../../src/cli/commands/doctor/checks/cdk.ts";
import { librariesCheck } from "../../../../src/cli/commands/doctor/checks/libraries.ts";
import { nodeCheck } from "../../../../src/cli/commands/doctor/checks/node.ts";
import { CDK_VERSION } from "../../../../src/synth/eject/project-files.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { verdictOf } from "./doctor-fixture.ts";
import { projectWith } from "./project-with.ts";

describe("node", () => {
  const program = { node: "/node", version: "24.21.0", pid: 1 };

  test("of the function's own major version", async () => {
    const project = await projectWith({});
    expect(await verdictOf(nodeCheck, { system: { program }, project })).toMatchObject({
      status: "ok",
      evidence: expect.stringContaining("24.21.0") as string,
    });
  });

  test("another one is a warning that names the function", async () => {
    const project = await projectWith({
      functions: { fn: { entry: "a.ts", runtime: "nodejs22.x" } },
    });
    expect(await verdictOf(nodeCheck, { system: { program }, project })).toMatchObject({
      status: "warning",
      evidence: expect.stringContaining("fn is nodejs22.x") as string,
    });
  });
});

/** A folder for the PATH, as `npm install --global` lays it out. */
async function pathWithCdk(version: string): Promise<string> {
  const manifest = JSON.stringify({ name: "aws-cdk", version });
  const folder = await temporaryFolder({
    "lib/aws-cdk/package.json": manifest,
    "lib/aws-cdk/bin/cdk": "",
  });
  await chmod(join(folder, "lib/aws-cdk/bin/cdk"), 0o755);
  await mkdir(join(folder, "bin"));
  await symlink("../lib/aws-cdk/bin/cdk", join(folder, "bin/cdk"));
  return join(folder, "bin");
}

describe("cdk on the PATH", () => {
  test.each([
    [CDK_VERSION, "ok", CDK_VERSION],
    ["3.0.0", "warning", "published by mistake"],
    ["2.100.0", "warning", `older than ${CDK_VERSION}`],
  ])("%s", async (version, status, evidence) => {
    const system = { env: { PATH: `/no/such/folder:${await pathWithCdk(version)}` } };
    expect(await verdictOf(cdkCheck, { system })).toMatchObject({
      status,
      evidence: expect.stringContaining(evidence) as string,
    });
  });

  test("none is needed", async () => {
    const system = { env: { PATH: "/no/such/folder" } };
    expect(await verdictOf(cdkCheck, { system })).toMatchObject({ status: "ok" });
  });
});

const projectOn = (dependencies: object, layers: readonly string[] = [], installed = {}) =>
  projectWith(
    { functions: { fn: { entry: "a.ts", layers } } },
    { "package.json": JSON.stringify({ dependencies }), ...installed },
  );
const layer = (name: string) => `arn:aws:lambda:us-east-1:753240598075:layer:${name}`;

describe("libraries", () => {
  test("of today", async () => {
    const own = await projectOn(
      {
        "@aws-lambda-powertools/logger": "^2.35.0",
        "@aws-lambda-powertools/tracer": "^2.34.0",
        "@aws-sdk/client-s3": "3.1000.0",
      },
      [layer("LambdaAdapterLayerX86:30")],
    );
    expect(await verdictOf(librariesCheck, { project: own })).toMatchObject({ status: "ok" });
  });

  test("what is installed counts, not what was asked for", async () => {
    const name = "@aws-lambda-powertools/logger";
    const own = await projectOn({ [name]: "^2.29.0" }, [], {
      [`node_modules/${name}/package.json`]: JSON.stringify({ version: "2.36.0" }),
    });
    expect(await verdictOf(librariesCheck, { project: own })).toMatchObject({ status: "ok" });
  });

  test.each([
    [{ "@aws-lambda-powertools/logger": "^2.34.0" }, [], "logger 2.34.0"],
    [{ "@aws-lambda-powertools/tracer": "^2.33.1" }, [], "tracer 2.33.1"],
    [{ "aws-xray-sdk-core": "3.10.0" }, [], "traces"],
    [{ "@aws-sdk/client-sqs": "3.600.0" }, [], "client-sqs 3.600.0"],
    [{}, [layer("LambdaAdapterLayerArm64:25")], "crashes"],
    [{}, [layer("opentelemetry-nodejs-0_17_0:1")], "OpenTelemetry"],
  ])("%o %o", async (dependencies, layers, evidence) => {
    const own = await projectOn(dependencies, layers);
    const verdict = await verdictOf(librariesCheck, { project: own });
    expect(verdict).toMatchObject({ status: "warning" });
    expect(verdict.evidence).toContain(evidence);
  });
});
