import type {
  DeleteLayerVersionRequest,
  GetLayerVersionByArnRequest,
  GetLayerVersionRequest,
  ListLayersRequest,
  ListLayerVersionsRequest,
  PublishLayerVersionRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { takeCode } from "./code.ts";
import { constraint, notFound } from "./failures.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { timestamp } from "./lambda-context.ts";
import { page } from "./page.ts";

interface LayerVersion {
  readonly name: string;
  readonly version: number;
  readonly blob: string | undefined;
  readonly codeSize: number;
  readonly codeSha256: string;
  readonly description: string;
  readonly createdDate: string;
  readonly runtimes: readonly string[];
  readonly architectures: readonly string[];
  readonly license: string | undefined;
  /** Of the attempt that published it; the same again gets this version. */
  readonly token?: string;
}

/** Lambda's own request has no token: only CloudFormation's handler, which has to be repeatable, gives one. */
type PublishRequest = PublishLayerVersionRequest & { readonly ClientToken?: string };

export function layerOperations(lambda: LambdaContext): Operations {
  const all = (context: CallContext) =>
    (lambda.store.layers.list(context.region) as unknown as LayerVersion[]).toSorted(
      (one, other) => other.version - one.version,
    );
  const get = (arn: string, context: CallContext) => {
    const layer = lambda.store.layers.get(context.region, arn);
    if (!layer) throw notFound("The resource you requested does not exist.");
    return presented(layer as unknown as LayerVersion, context);
  };

  return {
    PublishLayerVersion: (input: PublishRequest, context: CallContext) =>
      publish(lambda, named(input), input, () => all(context), context),
    GetLayerVersion: async (input: GetLayerVersionRequest, context: CallContext) =>
      get(`${layerArn(context, named(input))}:${input.VersionNumber}`, context),
    GetLayerVersionByArn: async (input: GetLayerVersionByArnRequest, context: CallContext) =>
      get(input.Arn ?? "", context),
    DeleteLayerVersion: async (input: DeleteLayerVersionRequest, context: CallContext) => {
      lambda.store.layers.delete(
        context.region,
        `${layerArn(context, named(input))}:${input.VersionNumber}`,
      );
      return {};
    },
    ListLayerVersions: async (input: ListLayerVersionsRequest, context: CallContext) => {
      const name = named(input);
      const versions = all(context).filter((layer) => layer.name === name);
      const { items, NextMarker } = page(versions, input);
      return { LayerVersions: items.map((layer) => presented(layer, context)), NextMarker };
    },
    ListLayers: async (input: ListLayersRequest, context: CallContext) => {
      const newest = new Map<string, LayerVersion>();
      for (const layer of all(context)) if (!newest.has(layer.name)) newest.set(layer.name, layer);
      const { items, NextMarker } = page([...newest.values()], input);
      const Layers = items.map((layer) => ({
        LayerName: layer.name,
        LayerArn: layerArn(context, layer.name),
        LatestMatchingVersion: presented(layer, context),
      }));
      return { Layers, NextMarker };
    },
  };
}

function named(input: { readonly LayerName?: string | undefined }): string {
  const match = /(?:^|:layer:)(?<name>[a-zA-Z0-9-_]{1,140})$/.exec(input.LayerName ?? "");
  const name = match?.groups?.["name"];
  if (name !== undefined) return name;
  throw constraint(
    "layerName",
    input.LayerName,
    "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+",
  );
}

async function publish(
  { target, store }: LambdaContext,
  name: string,
  input: PublishRequest,
  all: () => readonly LayerVersion[],
  context: CallContext,
): Promise<object> {
  const code = await takeCode(target, input.Content ?? {}, context);
  const arn = layerArn(context, name);
  const versions = all().filter((layer) => layer.name === name);
  const { ClientToken: token } = input;
  const same = token === undefined ? undefined : versions.find((layer) => layer.token === token);
  if (same) return presented(same, context);
  // A state of before the counts were kept has the versions alone.
  const { lastVersion = versions[0]?.version ?? 0 } =
    store.layerCounts.get(context.region, arn) ?? {};
  const version = 1 + lastVersion;
  const layer: LayerVersion = {
    name,
    version,
    blob: code.blob,
    codeSize: code.size,
    codeSha256: code.sha256,
    description: input.Description ?? "",
    createdDate: timestamp(target.clock.now()),
    runtimes: input.CompatibleRuntimes ?? [],
    architectures: input.CompatibleArchitectures ?? [],
    license: input.LicenseInfo,
    ...(token === undefined ? {} : { token }),
  };
  store.transaction(() => {
    store.layerCounts.put(context.region, arn, { lastVersion: version });
    store.layers.put(context.region, `${arn}:${version}`, { ...layer });
  });
  return presented(layer, context);
}

const layerArn = ({ region, accountId }: CallContext, name: string) =>
  `arn:aws:lambda:${region}:${accountId}:layer:${name}`;

function presented(layer: LayerVersion, context: CallContext): object {
  const LayerArn = layerArn(context, layer.name);
  return {
    Content: { CodeSha256: layer.codeSha256, CodeSize: layer.codeSize },
    LayerArn,
    LayerVersionArn: `${LayerArn}:${layer.version}`,
    Description: layer.description,
    CreatedDate: layer.createdDate,
    Version: layer.version,
    CompatibleRuntimes: layer.runtimes,
    CompatibleArchitectures: layer.architectures,
    ...(layer.license ? { LicenseInfo: layer.license } : {}),
  };
}
