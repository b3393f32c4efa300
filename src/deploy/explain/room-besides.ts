import { versionsOf } from "../../synth/environments.ts";
import { deployedFunctionName } from "../../synth/names.ts";
import type { Need } from "../../synth/needed-vcpus.ts";
import type { ProviderSettings } from "../../synth/providers.ts";
import type { RunningVersion } from "./running-besides.ts";

export interface Besides extends RunningVersion {
  /** Of a function of the project, so that it is an older version. */
  readonly isOwn: boolean;
}

/**
 * What runs on the provider and is not reckoned by the settings: those count each function once, or, where one of its
 * aliases keeps a numbered version, that one, too.
 */
export function runningBesides(
  running: readonly RunningVersion[],
  { functions }: ProviderSettings,
  environment: string | undefined,
): Besides[] {
  const own = new Map(
    functions.map(([key, each]) => [deployedFunctionName(key, environment), versionsOf(each)]),
  );
  return [...Map.groupBy(running, ({ functionName }) => functionName)].flatMap(
    ([functionName, versions]) => {
      const counted = own.get(functionName);
      if (counted === undefined)
        return versions.map((each): Besides => ({ ...each, isOwn: false }));
      const numbered = versions
        .filter(({ version }) => /^\d+$/.test(version))
        .toSorted((one, other) => Number(other.version) - Number(one.version));
      return numbered.slice(counted - 1).map((each): Besides => ({ ...each, isOwn: true }));
    },
  );
}

/** So many are named one by one. */
const mostNamed = 6;

/** `, 1 more for what runs besides (hello:3 with 3 environments),`. */
export function besidesWords(
  { instancesBesides }: Pick<Need, "instancesBesides">,
  others: readonly Besides[],
): string {
  if (others.length === 0) return "";
  const named = others.slice(0, mostNamed).map(({ functionName, version, environments }) => {
    const name = version === "$LATEST.PUBLISHED" ? functionName : `${functionName}:${version}`;
    return `${name} with ${environments} environment${environments === 1 ? "" : "s"}`;
  });
  const left = others.length - named.length;
  const all = [...named, ...(left > 0 ? [`${left} more`] : [])].join(", ");
  return `, ${instancesBesides} more for what runs besides (${all}),`;
}
