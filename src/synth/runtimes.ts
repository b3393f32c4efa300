/** Runtimes that Managed Instances support (Lambda developer guide, lambda-managed-instances-runtimes). */
const supportedRuntimes: readonly string[] = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.13",
  "python3.14",
  "java21",
  "java25",
  "dotnet8",
  "dotnet10",
  "provided.al2023",
];

/** `perVCpu`: requests at once for each vCPU unless configured (Lambda developer guide, lambda-managed-instances-runtimes). */
const languages: readonly { prefix: string; perVCpu: number; rule: string }[] = [
  { prefix: "nodejs", perVCpu: 64, rule: "Managed Instances need Node.js 22 or later" },
  { prefix: "python", perVCpu: 16, rule: "Managed Instances need Python 3.13 or later" },
  { prefix: "java", perVCpu: 32, rule: "Managed Instances need Java 21 or later" },
  { prefix: "dotnet", perVCpu: 32, rule: "Managed Instances need .NET 8 or later" },
  { prefix: "provided", perVCpu: 8, rule: "Managed Instances need provided.al2023" },
];

/** Major version of Node.js, or undefined for other languages. */
export function nodeMajor(runtime: string): number | undefined {
  const match = /^nodejs(\d+)\.x$/.exec(runtime);
  return match ? Number(match[1]) : undefined;
}

/** Requests that an environment takes at once for each of its vCPUs, unless its concurrency is set. */
export function concurrencyPerVCpu(runtime: string): number {
  return languages.find(({ prefix }) => runtime.startsWith(prefix))?.perVCpu ?? 8;
}

/** Why a runtime does not work, and the nearest that does; undefined for one that works. */
export function runtimeProblem(runtime: string): string | undefined {
  if (supportedRuntimes.includes(runtime)) return undefined;
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

/** End of support of runtimes that have one soon or behind them (Lambda developer guide, lambda-csharp). */
const endsOfSupport: Readonly<Record<string, string>> = { dotnet8: "2026-11-10" };

/** The day after which AWS mends a runtime no more; undefined while that is far. */
export function endOfSupport(runtime: string): string | undefined {
  return endsOfSupport[runtime];
}

function version(runtime: string): number {
  const match = /(\d+)(?:\.(\d+))?/.exec(runtime);
  return match ? Number(match[1]) * 100 + Number(match[2] ?? 0) : 0;
}
