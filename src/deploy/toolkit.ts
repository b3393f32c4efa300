import type { IIoHost, Toolkit } from "@aws-cdk/toolkit-lib";
import type { AwsTarget } from "../aws/target.ts";

export type ToolkitLibrary = typeof import("@aws-cdk/toolkit-lib");

export interface LoadedToolkit {
  readonly library: ToolkitLibrary;
  readonly toolkit: Toolkit;
}

/** Loads the CDK toolkit library, which costs 0.4 to 1 s: call it only when there is something to do. */
export async function loadToolkit(target: AwsTarget, ioHost: IIoHost): Promise<LoadedToolkit> {
  const library = await import("@aws-cdk/toolkit-lib");
  const toolkit = new library.Toolkit({
    ioHost,
    color: false,
    emojis: false,
    sdkConfig: { baseCredentials: baseCredentials(library, target) },
  });
  return { library, toolkit };
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
