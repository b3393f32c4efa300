import type * as toolkitLibrary from "@aws-cdk/toolkit-lib";
import type { IIoHost, Toolkit } from "@aws-cdk/toolkit-lib";
import { clientSettings, type Environment } from "../aws/client-settings.ts";
import type { AwsTarget } from "../aws/target.ts";

export type ToolkitLibrary = typeof toolkitLibrary;

export interface LoadedToolkit {
  readonly library: ToolkitLibrary;
  readonly toolkit: Toolkit;
}

/** Loads the CDK toolkit library, which costs 0.4 to 1 s: call it only when there is something to do. */
export async function loadToolkit(
  target: AwsTarget,
  ioHost: IIoHost,
  environment: Environment = {},
): Promise<LoadedToolkit> {
  const library = await import("@aws-cdk/toolkit-lib");
  const agent = await proxyAgent(target, environment);
  const toolkit = new library.Toolkit({
    ioHost,
    color: false,
    emojis: false,
    sdkConfig: {
      baseCredentials: baseCredentials(library, target),
      ...(agent ? { httpOptions: { agent } } : {}),
    },
  });
  return { library, toolkit };
}

/** The library uses one agent for every URL, and one for https refuses a plain endpoint, which needs none either. */
async function proxyAgent(target: AwsTarget, environment: Environment) {
  const endpoint = target.endpoint ?? environment["AWS_ENDPOINT_URL"];
  if (endpoint?.startsWith("http:")) return undefined;
  return (await clientSettings(target, environment)).requestHandler?.httpsAgent;
}

function baseCredentials(library: ToolkitLibrary, target: AwsTarget) {
  const { credentials, profile, region } = target;
  if (credentials === undefined) {
    return library.BaseCredentials.awsCliCompatible({
      defaultRegion: region,
      ...(profile === undefined ? {} : { profile }),
    });
  }
  return library.BaseCredentials.custom({ region, provider: async () => ({ ...credentials }) });
}
