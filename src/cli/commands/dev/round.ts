import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { projectTag } from "../../../deploy/stack-condition.ts";
import type { LocalTarget } from "../../../local/local-target.ts";
import type { BuiltFunction } from "../../../synth/built-function.ts";
import { existingVpc } from "../../../synth/existing-vpc.ts";
import { deployedFunctionName } from "../../../synth/names.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Deps } from "../../deps.ts";
import { runBuilds } from "../../run-builds.ts";
import { bringCode } from "./bring-code.ts";
import { bringStack, type StackOutputs } from "./bring-stack.ts";
import { ownCalls } from "./own-calls.ts";

export interface RoundParts {
  readonly target: LocalTarget;
  readonly region: string;
  /** Whether somebody debugs: source maps then name the sources where they are on this machine. */
  readonly debugs: boolean;
  /** For what is built, and nobody else's. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface Round {
  /** Names of the functions whose code, or whose settings, are others now. */
  readonly changed: readonly string[];
  readonly outputs: StackOutputs;
}

type RoundDeps = Pick<Deps, "system" | "reporter">;

/**
 * From what is on disk to what answers, again and again: by the stack where settings have changed, which is always so at
 * first, else function by function, without CloudFormation. What fails leaves what answered before.
 */
export function rounds(
  { target, region, debugs, folder, signal }: RoundParts,
  deps: RoundDeps,
): (loaded: LoadedSettings, isNewConfig: boolean) => Promise<Round> {
  const around = {
    call: ownCalls(target, region),
    // Work in this process, which no clock of a test makes faster.
    sleep: (milliseconds: number) => pause(milliseconds),
  };
  const { accountId } = target.context;
  let known: string | undefined;
  let outputs: StackOutputs = {};
  let count = 0;
  return async (loaded, isNewConfig) => {
    count += 1;
    const own = join(folder, String(count));
    try {
      const settings = localSettings(loaded.settings);
      await runBuilds(loaded, deps, signal);
      const functions = await buildAll(settings, loaded.projectDir, own, debugs);
      const print = fingerprint(settings, functions);
      const nameOf = ({ name }: BuiltFunction) => deployedFunctionName(name, settings.environment);
      if (print !== known || isNewConfig) {
        // Until it is there in whole, nothing is known of it.
        known = undefined;
        const synthesized = await synthesizeIn(join(own, "assembly"), settings, functions);
        const tags = { ...settings.tags, [projectTag]: settings.name };
        outputs = await bringStack({ ...synthesized, functions, tags, accountId, region }, around);
        known = print;
        // What was brought after the stack was made last is not in its template.
        for (const built of functions)
          await bringCode({ functionName: nameOf(built), assetPath: built.assetPath }, around);
        return { changed: functions.map(nameOf), outputs };
      }
      const changed: string[] = [];
      for (const built of functions) {
        const functionName = nameOf(built);
        // One after the other: starting takes the whole machine.
        if (await bringCode({ functionName, assetPath: built.assetPath }, around))
          changed.push(functionName);
      }
      return { changed, outputs };
    } finally {
      await rm(own, { recursive: true, force: true }).catch(() => undefined);
    }
  };
}

/**
 * What of the settings is meant for AWS alone is not tried here: a VPC that exists there, the times when the stack
 * pauses, and its end.
 */
function localSettings(settings: Settings): Settings {
  const { network } = settings;
  const own = existingVpc(network) === undefined && network.subnetIds === undefined;
  return {
    ...settings,
    schedule: undefined,
    ttl: undefined,
    network: own
      ? network
      : {
          ...network,
          vpcId: undefined,
          vpcTags: undefined,
          defaultVpc: false,
          subnetIds: undefined,
          securityGroupIds: undefined,
        },
  };
}

async function buildAll(
  settings: Settings,
  projectDir: string,
  folder: string,
  debugs: boolean,
): Promise<BuiltFunction[]> {
  const { buildFunction } = await import("../../../synth/build-function.ts");
  const sourceRoot = debugs ? `${pathToFileURL(projectDir).href}/` : undefined;
  // Without the cache: looking at all that a bundle was made from takes longer than esbuild, which is running already.
  return Promise.all(
    Object.entries(settings.functions).map(([name, each]) =>
      buildFunction(name, each, projectDir, join(folder, "functions"), { sourceRoot }),
    ),
  );
}

async function synthesizeIn(outdir: string, settings: Settings, assets: readonly BuiltFunction[]) {
  const { synthesize } = await import("../../../synth/synthesize.ts");
  const { stackName, template } = await synthesize({ settings, outdir, assets });
  return { stackName, template };
}

/** All that the template is made from but code; with numbered versions behind aliases, of which each code has one, also that. */
function fingerprint(settings: Settings, functions: readonly BuiltFunction[]): string {
  const hasVersions = Object.values(settings.functions).some(({ aliases }) =>
    Object.values(aliases).includes("version"),
  );
  return JSON.stringify([
    settings,
    functions.map(({ name, handler, hasSourceMap, assetHash }) => [
      name,
      handler,
      hasSourceMap,
      hasVersions ? assetHash : "",
    ]),
  ]);
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });
