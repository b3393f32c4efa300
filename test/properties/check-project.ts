import path from "node:path";
import { mergeLayers, without, type Tree } from "../../src/cli/config/layers.ts";
import { checkMerged } from "../../src/cli/config/check-settings.ts";
import { chooseSubnets } from "../../src/cli/lookups/choose-subnets.ts";
import { existingVpc } from "../../src/synth/existing-vpc.ts";
import type { Settings } from "../../src/synth/settings.ts";
import { synthesize, type Synthesized } from "../../src/synth/synthesize.ts";
import type { RandomProject } from "../helpers/random-settings/random-project.ts";
import { codeHash, createWorld } from "./deployed-world.ts";
import { readStack } from "./read-stack.ts";
import { readBack, readNetwork, type ReadBack } from "./read-back.ts";

/** What the project's files come to; as commands load them, without the disk. */
export function settingsOf({ lmiJson, environment, lookups }: RandomProject): Settings {
  const overlays = lmiJson["environments"] as Record<string, Tree> | undefined;
  const overlay = environment === undefined ? undefined : overlays?.[environment];
  const { settings, problems } = checkMerged(
    mergeLayers(
      overlay && environment !== undefined
        ? [
            { values: without(lmiJson, ["environments", environment]), origin: "lmi.json" },
            { values: overlay, origin: `lmi.json (${environment})` },
          ]
        : [{ values: lmiJson, origin: "lmi.json" }],
    ),
    { name: "folder", environment },
  );
  if (!settings || problems.length > 0)
    throw new Error(problems.map(({ path: where, message }) => `${where} ${message}`).join("\n"));
  const [vpc] = lookups;
  if (!vpc) return settings;
  const subnetIds = chooseSubnets(vpc, settings.network).map(({ subnetId }) => subnetId);
  return { ...settings, network: { ...settings.network, vpcId: vpc.vpcId, subnetIds } };
}

/** A template without anybody's code being built. */
export function synthesizeIn(folder: string, settings: Settings): Promise<Synthesized> {
  const assets = Object.entries(settings.functions).map(([name, own]) => ({
    name,
    assetPath: path.join(folder, "code.zip"),
    assetHash: codeHash,
    handler: own.handler,
    hasSourceMap: false,
    zipSize: 1,
    unpackedSize: 1,
  }));
  return synthesize({ settings, outdir: path.join(folder, "assembly"), assets });
}

/** Deploys to an account of its own, and reads everything back. */
export async function deployAndRead(
  settings: Settings,
  { stackName, template }: Pick<Synthesized, "stackName" | "template">,
): Promise<ReadBack[]> {
  const world = await createWorld(settings);
  try {
    const deployed = await world.deploy(stackName, template, settings.tags);
    const outcome = { status: deployed.status, reasons: deployed.reasons };
    const asked = { status: "CREATE_COMPLETE", reasons: [] };
    if (deployed.status !== "CREATE_COMPLETE") return [{ asked, found: outcome }];
    return [
      { asked, found: outcome },
      ...(await readBack(world, settings, deployed)),
      await readStack(world, settings, deployed),
      ...(existingVpc(settings.network) ? [] : [await readNetwork(world, settings, deployed)]),
    ];
  } finally {
    await world.close();
  }
}
