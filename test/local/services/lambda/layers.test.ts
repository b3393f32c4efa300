import { expect, test } from "vitest";
import type { LambdaBench } from "./lambda-bench.ts";
import { startLambda, zipOf } from "./lambda-bench.ts";

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
