import type * as toolkitLibrary from "@aws-cdk/toolkit-lib";
import type { IIoHost, Toolkit } from "@aws-cdk/toolkit-lib";
import { clientSettings, type Environment } from "../aws/client-settings.ts";
import type { Aws } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";

export type ToolkitLibrary = typeof toolkitLibrary;

export interface LoadedToolkit {
  readonly library: ToolkitLibrary;
  readonly toolkit: Toolkit;
}

/** Where to, and with whose keys. */
export type Connected = Pick<Aws, "target" | "credentials">;

/** Loads the CDK toolkit library, which costs 0.4 to 1 s: call it only when there is something to do. */
export async function loadToolkit(
  aws: Connected,
  ioHost: IIoHost,
  environment: Environment = {},
): Promise<LoadedToolkit> {
  const library = await import("@aws-cdk/toolkit-lib");
  const agent = await proxyAgent(aws.target, environment);
  const toolkit = new library.Toolkit({
    ioHost,
    color: false,
    emojis: false,
    sdkConfig: {
      baseCredentials: baseCredentials(library, aws),
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

/** The library's own search differs from the SDK's (it takes AWS_DEFAULT_PROFILE): who was shown must be who deploys. */
function baseCredentials(library: ToolkitLibrary, { target, credentials }: Connected) {
  return library.BaseCredentials.custom({
    region: target.region,
    provider: async () => ({ ...(await credentials()) }),
  });
}
