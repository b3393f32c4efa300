import type { Aws, VersionUse } from "../../aws/ports.ts";
import { DEFAULT_MIN_ENVIRONMENTS } from "../../synth/environments.ts";
import type { Room } from "../../synth/needed-vcpus.ts";

/** A published version that keeps its environments, whatever the project says. */
export interface RunningVersion extends Room {
  readonly functionName: string;
  /** `$LATEST.PUBLISHED` or a number. */
  readonly version: string;
}

/** What a version keeps is asked one by one, within the seconds that evidence is worth: of so many, the newest. */
const mostAsked = 20;

/**
 * Active versions on a capacity provider, those of other stacks too. One that only starts is what fails now.
 * @param provider name or ARN
 */
export async function runningVersions(
  provider: string,
  { versions, runningVersions: running }: Pick<Aws, "versions" | "runningVersions">,
): Promise<readonly RunningVersion[]> {
  const uses = (await versions.ofCapacityProvider(provider)) ?? [];
  const active = uses
    .filter(({ version, state }) => version !== "$LATEST" && state === "Active")
    .toSorted((one, other) => rank(other) - rank(one));
  const asked = await Promise.all(
    active.slice(0, mostAsked).map(({ functionName, version }) =>
      Promise.all([
        running.scaling(functionName, version),
        running.configuration(functionName, version),
      ]).then(([scaling, configuration]) => {
        const { memory, memoryPerVCpu } = configuration ?? {};
        const environments = scaling?.applied.min ?? DEFAULT_MIN_ENVIRONMENTS;
        if (memory === undefined || environments === 0) return [];
        const vCpus = memory / 1024 / (memoryPerVCpu ?? usualRatio);
        return [{ functionName, version, environments, memory, vCpus }];
      }),
    ),
  );
  return asked.flat();
}

/** GiB for each vCPU, unless a function says otherwise (Lambda developer guide, lambda-managed-instances). */
const usualRatio = 2;

/** `$LATEST.PUBLISHED` is the newest. */
function rank({ version }: VersionUse): number {
  return /^\d+$/.test(version) ? Number(version) : Infinity;
}
