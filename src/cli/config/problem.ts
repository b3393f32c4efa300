import { ExitCode, LmiError } from "../../errors.ts";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** Dotted, e.g. `capacity.maxVCpu`. */
  readonly path: string;
  /** undefined: there is none, or it may be a secret. */
  readonly value: unknown;
  /** `--max-vcpu`, `LMI_MAX_VCPU`, `lmi.json`; undefined for a default. */
  readonly origin: string | undefined;
  readonly code: string;
  /** Continues the path: `must be …`. */
  readonly message: string;
  readonly hint: string | undefined;
}

/** All problems in one failure, each with its path, its value and where that came from. */
export function settingsError(problems: readonly Problem[], fileName: string): LmiError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const subject = sources(problems, fileName);
  const verb = subject.includes(" and ") || !subject.includes(fileName) ? "have" : "has";
  return new LmiError("LMI_SETTINGS_INVALID", `${subject} ${verb} ${count}`, {
    why: problems.map(layOut).join("\n"),
    exitCode: ExitCode.usage,
    details: { problems },
  });
}

function layOut({ path, value, origin, message, hint }: Problem): string {
  const shown =
    value === undefined ? "" : `  ${typeof value === "string" ? value : JSON.stringify(value)}`;
  const from = origin === undefined ? "" : ` (from ${origin})`;
  return `${path}${shown}${from}\n    ${message}${hint === undefined ? "" : `; ${hint}`}`;
}

function sources(problems: readonly Problem[], fileName: string): string {
  const origins = problems.map(({ origin }) => origin);
  const kinds = [
    ...(origins.some((origin) => origin?.startsWith(fileName)) ? [fileName] : []),
    ...(origins.some((origin) => origin !== undefined && /^[A-Z]/.test(origin))
      ? ["environment variables"]
      : []),
    ...(origins.some((origin) => origin?.startsWith("-")) ? ["flags"] : []),
  ];
  if (kinds.length === 0) return "the settings";
  return kinds.length === 3 ? `${kinds[0]}, ${kinds[1]} and ${kinds[2]}` : kinds.join(" and ");
}
