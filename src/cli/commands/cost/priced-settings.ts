import type { BuiltFunction } from "../../../synth/built-function.ts";
import { existingVpc } from "../../../synth/existing-vpc.ts";
import type { FunctionSettings, Settings } from "../../../synth/settings.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { System } from "../../system.ts";
import { withTemporaryFolder } from "../../temporary-folder.ts";

/**
 * What a price is made of: the settings, and where overrides or a stack function may have changed that, what the
 * template says. Builds no code and looks nothing up: neither has a price.
 */
export async function pricedSettings(
  { settings }: Pick<LoadedSettings, "settings">,
  system: Pick<System, "program" | "signalProcess">,
): Promise<Settings> {
  if (settings.stack === undefined && Object.keys(settings.overrides).length === 0) return settings;
  const [{ synthesize }, { settingsAsIn }] = await Promise.all([
    import("../../../synth/synthesize.ts"),
    import("../../../synth/cost/settings-as-in.ts"),
  ]);
  const { template } = await withTemporaryFolder(system, async (outdir) =>
    synthesize({ settings: lookedUp(settings), outdir, assets: unbuilt(settings, outdir) }),
  );
  return settingsAsIn(settings, template);
}

/** Stands in for a VPC that only AWS could tell. */
function lookedUp(settings: Settings): Settings {
  const { network } = settings;
  const subnetIds = Array.from({ length: network.azs }, (_, zone) => `subnet-0000000${zone}`);
  return {
    ...settings,
    network: {
      ...network,
      vpcId: network.vpcId ?? (isGiven(settings) ? "vpc-00000000" : undefined),
      subnetIds: network.subnetIds ?? (isGiven(settings) ? subnetIds : undefined),
    },
  };
}

function isGiven({ network }: Settings): boolean {
  return existingVpc(network) !== undefined;
}

function unbuilt({ functions }: Settings, folder: string): BuiltFunction[] {
  return Object.entries(functions).map(([name, { handler }]: [string, FunctionSettings]) => ({
    name,
    assetPath: `${folder}/${name}.zip`,
    assetHash: "0".repeat(64),
    handler,
    hasSourceMap: false,
    zipSize: 0,
    unpackedSize: undefined,
  }));
}
