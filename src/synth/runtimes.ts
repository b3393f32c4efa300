/**
 * Runtimes that Managed Instances support, with the requests that one vCPU serves at once by default
 * (Lambda developer guide, lambda-managed-instances-runtimes).
 */
const supported: Readonly<Record<string, number>> = {
  "nodejs22.x": 64,
  "nodejs24.x": 64,
  "python3.13": 16,
  "python3.14": 16,
  java21: 32,
  java25: 32,
  dotnet8: 32,
  dotnet10: 32,
  "provided.al2023": 8,
};

const languages: readonly { prefix: string; rule: string }[] = [
  { prefix: "nodejs", rule: "Managed Instances need Node.js 22 or later" },
  { prefix: "python", rule: "Managed Instances need Python 3.13 or later" },
  { prefix: "java", rule: "Managed Instances need Java 21 or later" },
  { prefix: "dotnet", rule: "Managed Instances need .NET 8 or later" },
  { prefix: "provided", rule: "Managed Instances need provided.al2023" },
];

export const supportedRuntimes: readonly string[] = Object.keys(supported);

/** undefined when the runtime is not known to work on Managed Instances. */
export function defaultConcurrencyPerVCpu(runtime: string): number | undefined {
  return Object.hasOwn(supported, runtime) ? supported[runtime] : undefined;
}

/** Major version of Node.js, or undefined for other languages. */
export function nodeMajor(runtime: string): number | undefined {
  const match = /^nodejs(\d+)\.x$/.exec(runtime);
  return match ? Number(match[1]) : undefined;
}

/** Why a runtime does not work, and the nearest that does; undefined for one that works. */
export function runtimeProblem(runtime: string): string | undefined {
  if (Object.hasOwn(supported, runtime)) return undefined;
  const language = languages.find(({ prefix }) => runtime.startsWith(prefix));
  if (!language)
    return `is not supported by Managed Instances; these are: ${supportedRuntimes.join(", ")}`;
  const candidates = supportedRuntimes.filter((candidate) => candidate.startsWith(language.prefix));
  const wanted = version(runtime);
  const nearest = candidates.toSorted(
    (a, b) => Math.abs(version(a) - wanted) - Math.abs(version(b) - wanted),
  )[0];
  return `${language.rule}; nearest: ${nearest}`;
}

function version(runtime: string): number {
  const match = /(\d+)(?:\.(\d+))?/.exec(runtime);
  return match ? Number(match[1]) * 100 + Number(match[2] ?? 0) : 0;
}
