import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { expect, onTestFinished, test } from "vitest";
import type { LambdaBench } from "./lambda-bench.ts";
import { account, region, startLambda, zipOf } from "./lambda-bench.ts";

async function publish(lambda: LambdaBench, LayerName: string): Promise<number> {
  const Content = { ZipFile: await zipOf("hello.mjs") };
  const { Version } = await lambda.call<{ Version: number }>("PublishLayerVersion", {
    LayerName,
    Content,
  });
  return Version;
}

test("versions of a layer go on counting after a deletion, and after a restart", async () => {
  const lambda = await startLambda();
  const remove = (VersionNumber: number) =>
    lambda.call("DeleteLayerVersion", { LayerName: "tools", VersionNumber });
  expect(await publish(lambda, "tools")).toBe(1);
  expect(await publish(lambda, "tools")).toBe(2);
  await remove(2);
  expect(await publish(lambda, "tools")).toBe(3);
  await remove(1);
  await remove(3);
  expect(await lambda.call("ListLayers", {})).toMatchObject({ Layers: [] });
  await lambda.restart();
  expect(await publish(lambda, "tools")).toBe(4);
  expect(await publish(lambda, "others")).toBe(1);
  expect(await lambda.call("ListLayerVersions", { LayerName: "tools" })).toMatchObject({
    LayerVersions: [{ Version: 4 }],
  });
});

test("layers are unpacked once for all that have the same, and what no version has goes at the next start", async () => {
  const workFolder = await mkdtemp(join(tmpdir(), "lmi-test-lambda-"));
  onTestFinished(() => rm(workFolder, { recursive: true, force: true }));
  const unpacked = async (what: "code" | "layers") => readdir(join(workFolder, what));
  const lambda = await startLambda({ workFolder });
  await lambda.createProvider();
  await publish(lambda, "tools");
  const Layers = [`arn:aws:lambda:${region}:${account}:layer:tools:1`];
  await lambda.createFunction("hello.mjs", { Layers });
  await lambda.settled();
  const layers = await unpacked("layers");
  expect(layers).toHaveLength(1);

  const [first] = await unpacked("code");
  const ZipFile = zipSync({ "hello.mjs": Buffer.from("export const handler = async () => 2;") });
  await lambda.call("UpdateFunctionCode", {
    FunctionName: "f",
    ZipFile,
    PublishTo: "LATEST_PUBLISHED",
  });
  expect(await lambda.settled()).toMatchObject({ LastUpdateStatus: "Successful" });
  expect(await unpacked("layers")).toEqual(layers);
  expect(await unpacked("code")).toHaveLength(2);

  await mkdir(join(workFolder, "layers", "half.partial"));
  await lambda.restart();
  expect((await lambda.invoke({})).StatusCode).toBe(200);
  expect(await unpacked("layers")).toEqual(layers);
  const code = await unpacked("code");
  expect(code).toHaveLength(1);
  expect(code).not.toContain(first);
  expect(
    (await readdir(join(workFolder, "tmp"))).filter((name) => name.startsWith("layers")),
  ).toEqual([]);
});
