import * as fc from "fast-check";
import {
  leafPaths,
  mergeLayers,
  treeAt,
  type Tree,
  valueAt,
  without,
} from "../../../src/cli/config/layers.ts";
import type { VpcLookup } from "../../../src/cli/lookups/lookup-file.ts";
import { DEFAULT_MIN_ENVIRONMENTS, environmentVCpus } from "../../../src/synth/environments.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { capacities, type CapacityInput, furtherProviders } from "./capacity.ts";
import { type FunctionInput, randomFunctions } from "./functions.ts";
import { hatches } from "./hatches.ts";
import { networks } from "./network.ts";
import { repaired } from "./repaired.ts";
import { names, REGION, regions, tags, word } from "./values.ts";

/** A project whose settings keep every rule: what stands in its files, and what these come to. */
export interface RandomProject {
  /** What lmi.json holds. */
  readonly lmiJson: Tree;
  /** `--env`: chosen where the file's overlays have to complete it. */
  readonly environment: string | undefined;
  /** What lmi.json and the chosen overlay come to, as if it had been written in one. */
  readonly settings: SettingsInput & { readonly name: string; readonly region: string };
  /** What lmi.lookups.json holds. */
  readonly lookups: readonly VpcLookup[];
}

/** The first projects of a seed. */
export function sampleProjects(numRuns: number, seed = 20_261_125): RandomProject[] {
  return fc.sample(randomProjects, { numRuns, seed });
}

type Named = RandomProject["settings"];

/** Names of functions leave room for the name of an environment. */
const functions = fc.uniqueArray(fc.tuple(fc.oneof(word(20), names), randomFunctions), {
  minLength: 1,
  maxLength: 4,
  selector: ([name]) => name,
});

const projectNames = fc
  .tuple(word(20), fc.constantFrom("", "A", "-x", "9"))
  .map(([first, last]) => (first + last).replace(/-$/, "z"));

const pauseSchedules = fc.record({
  pause: fc.constantFrom(
    "cron(0 20 ? * MON-FRI *)",
    "cron(30 18 L * ? *)",
    "at(2099-01-31T20:00:00)",
  ),
  resume: fc.constantFrom("cron(0 7 ? * MON-FRI *)", "cron(0/30 7 1W * ? *)"),
  timezone: fc.constantFrom("UTC", "Europe/Berlin"),
});

const parts = fc.record(
  {
    name: projectNames,
    region: regions,
    network: networks,
    capacity: capacities,
    capacityProviders: furtherProviders,
    functions,
    $schema: fc.constant("./node_modules/lmi/lmi.schema.json"),
    tags: fc.oneof({ weight: 9, arbitrary: tags(4) }, { weight: 1, arbitrary: tags(49) }),
    allowUnsupportedRuntime: fc.boolean(),
    schedule: pauseSchedules,
    ttl: fc.constantFrom("15m", "4h", "30d", "720h"),
    hatches,
  },
  {
    requiredKeys: [
      "name",
      "region",
      "network",
      "capacity",
      "capacityProviders",
      "functions",
      "hatches",
    ],
  },
);

/** How lmi.json says it. */
const layouts = fc.record({
  kind: fc.constantFrom("one file" as const, "one file", "overlay", "overlay", "unused overlay"),
  name: word(20),
  /** Of each leaf in turn: whether it stands below, in the overlay, or in both. */
  places: fc.array(fc.constantFrom("below" as const, "below", "overlay", "both"), {
    minLength: 7,
    maxLength: 23,
  }),
});

/**
 * Random projects of valid settings. Every key of the schema is among them (random-settings.test.ts holds that); with
 * the same seed they are the same.
 */
export const randomProjects: fc.Arbitrary<RandomProject> = fc.tuple(parts, layouts).map(
  ([
    {
      network: { network, lookups },
      functions: all,
      hatches: own,
      ...rest
    },
    layout,
  ]) => {
    const providers = [undefined, ...Object.keys(rest.capacityProviders)];
    const valid = withHeadroom({
      ...rest,
      ...own,
      network,
      functions: Object.fromEntries(
        all.map(([name, { own: each, on }]) => [
          name,
          onProvider(each, providers[on % providers.length]),
        ]),
      ),
    });
    const settings = repaired(valid, rest.region);
    return inRegion({ ...laidOut(settings, layout), settings, lookups }, settings.region);
  },
);

function onProvider(own: FunctionInput, capacityProvider: string | undefined): FunctionInput {
  return capacityProvider === undefined ? own : { ...own, capacityProvider };
}

/** A copy, in which no two objects share a part. */
function inRegion(project: RandomProject, region: string): RandomProject {
  return JSON.parse(JSON.stringify(project).replaceAll(REGION, region)) as RandomProject;
}

/** Room for the minimum of all functions and for one instance being replaced: no deployment fails for want of it. */
function withHeadroom(settings: Named): Named {
  const all = functionsOf(settings);
  const zones = settings.network?.subnetIds?.length ?? settings.network?.azs ?? 1;
  const room = <Own extends CapacityInput>(own: Own, name?: string): Own => {
    const sizes = all
      .filter(({ capacityProvider }) => capacityProvider === name)
      .map((each) => ({ each, vCpus: vCpusOf(each) }));
    const minimum = sizes.reduce(
      (sum, { each, vCpus }) =>
        sum + vCpus * (each.minEnvironments ?? DEFAULT_MIN_ENVIRONMENTS) * versionsOf(each),
      0,
    );
    // Of instances of any size: how many vCPUs they come to is Lambda's choice.
    const needed = 4 * (minimum + zones * 32 + Math.max(0, ...sizes.map(({ vCpus }) => vCpus)));
    return {
      ...own,
      ...(needed <= (own.maxVCpu ?? 30) ? {} : { maxVCpu: needed }),
      ...withLargeType(own, sizes.length > 0),
    };
  };
  return {
    ...settings,
    capacity: room(settings.capacity ?? {}),
    capacityProviders: Object.fromEntries(
      Object.entries(settings.capacityProviders ?? {}).map(([name, own]) => [
        name,
        room(own ?? {}, name),
      ]),
    ),
  };
}

/** Where a list says which types, one of them holds the largest environment. */
function withLargeType({ architecture, instanceTypes }: CapacityInput, isUsed: boolean) {
  if (!isUsed || !instanceTypes?.allow) return {};
  const large = architecture === "arm64" ? "r8g.8xlarge" : "r7i.8xlarge";
  return { instanceTypes: { allow: [...instanceTypes.allow, large] } };
}

const functionsOf = ({ functions: all = {} }: Named) =>
  Object.values(all).filter((own) => own !== undefined);

/** While an alias moves from one version to the next, both run beside what is deployed. */
const versionsOf = ({ aliases = {} }: FunctionInput) =>
  Object.values(aliases).includes("version") ? 3 : 1;

const vCpusOf = ({ memory = 2048, memoryPerVCpu = 2 }: FunctionInput) =>
  environmentVCpus({ memory, memoryPerVCpu });

/** What an overlay may hold. */
const overlaid: ReadonlySet<string> = new Set([
  "region",
  "network",
  "capacity",
  "capacityProviders",
  "functions",
  "tags",
  "schedule",
  "ttl",
]);
/** And what has its meaning as a whole alone. */
const overlaidWhole = ["overrides", "resources", "outputs", "conditions", "parameters"];

/**
 * The settings in one file; or in two pieces, of which the overlay that is chosen holds one; or in one file beside an
 * overlay that nobody chooses.
 */
function laidOut(
  settings: Named,
  { kind, name, places }: Layout,
): Pick<RandomProject, "lmiJson" | "environment"> {
  const whole: Tree = { ...settings };
  if (kind === "one file") return { lmiJson: whole, environment: undefined };
  const wholes = overlaidWhole
    .filter((key) => Object.hasOwn(whole, key))
    .map((key): string[] => [key]);
  const leaves = [...leafPaths(whole).filter(([first = ""]) => overlaid.has(first)), ...wholes].map(
    (path, index) => ({ path, place: places[index % places.length] }),
  );
  const overlay = mergeLayers(
    leaves
      .filter(({ place }) => place !== "below")
      .map(({ path }) => ({ values: treeAt(path, valueAt(whole, path)), origin: "" })),
  ).values;
  const environments = { [name]: overlay };
  if (kind === "unused overlay")
    return { lmiJson: { ...whole, environments }, environment: undefined };
  const below = leaves
    .filter(({ place }) => place === "overlay")
    .reduce((tree, { path }) => without(tree, path), whole);
  return { lmiJson: { ...below, environments }, environment: name };
}

type Layout = typeof layouts extends fc.Arbitrary<infer One> ? One : never;
