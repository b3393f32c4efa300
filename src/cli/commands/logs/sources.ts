import type { Aws } from "../../../aws/ports.ts";
import { capacityProviderLogGroup, functionLogGroup } from "../../../synth/names.ts";
import type { ProjectNames } from "../../config/project-names.ts";
import { functionOf } from "../function-of.ts";

/** A log group, and whose lines it holds. */
export interface LogSource {
  readonly kind: "function" | "provider";
  /** The function's name at AWS; of a provider its key in the settings, `capacity` for the usual one. */
  readonly name: string;
  readonly logGroup: string;
}

export interface SourceChoice {
  readonly function: string | undefined;
  readonly provider: boolean;
  /** Only lines of requests are wanted, of which a provider's log has none. */
  readonly ofRequests: boolean;
}

type Names = Pick<
  ProjectNames,
  "functionNames" | "environmentName" | "stackName" | "capacityProviderNames"
>;

/** All functions and providers of the project; a function that is named alone; with `--provider`, the providers. */
export function sourcesOf(choice: SourceChoice, project: Names): LogSource[] {
  const isWhole = choice.function === undefined && !choice.provider;
  const functions =
    choice.function === undefined
      ? isWhole
        ? project.functionNames
        : []
      : [functionOf(choice.function, project)];
  return [
    ...functions.map(functionSource),
    ...(choice.provider || (isWhole && !choice.ofRequests) ? providerSources(project) : []),
  ];
}

function functionSource(name: string): LogSource {
  return { kind: "function", name, logGroup: functionLogGroup(name) };
}

function providerSources({ stackName, capacityProviderNames }: Names): LogSource[] {
  return [undefined, ...capacityProviderNames].map((name) => ({
    kind: "provider",
    name: name ?? "capacity",
    logGroup: capacityProviderLogGroup(stackName, name),
  }));
}

/**
 * Functions may log elsewhere than where lmi has them log. Asked for only where the usual group has nothing, since that
 * takes a call: the sources that log elsewhere, with their real group.
 */
export async function elsewhere(
  sources: readonly LogSource[],
  functions: Pick<Aws["functions"], "find">,
): Promise<LogSource[]> {
  const found = await Promise.all(
    sources
      .filter(({ kind }) => kind === "function")
      .map(async (source) => {
        // Whoever may read logs need not be allowed to see the function.
        const state = await functions.find(source.name).catch(() => undefined);
        return { ...source, logGroup: state?.logGroup ?? source.logGroup };
      }),
  );
  const known = new Set(sources.map(({ logGroup }) => logGroup));
  return found.filter(({ logGroup }) => !known.has(logGroup));
}
