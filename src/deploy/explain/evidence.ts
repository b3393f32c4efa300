import type { ManagedInstance } from "../../aws/ports.ts";
import type { RunningVersion } from "./running-besides.ts";

/** One thing that somebody wrote or counted. */
export interface Evidence {
  readonly source: "CloudFormation" | "provider log" | "function log" | "instances";
  /** undefined: how it is now. */
  readonly time: Date | undefined;
  readonly text: string;
}

export interface FailedLaunch {
  readonly type: string | undefined;
  readonly zone: string | undefined;
  readonly why: string;
}

/** What could be found out about a failure. */
export interface Findings {
  readonly lines: readonly Evidence[];
  /** Sentences: what could not be read, and why. */
  readonly gaps: readonly string[];
  readonly failedLaunches: readonly FailedLaunch[];
  readonly unhealthy: number;
  /** undefined: not known. */
  readonly instances: readonly ManagedInstance[] | undefined;
  /** Active versions on the provider; none where nobody asked. */
  readonly running: readonly RunningVersion[];
  readonly functionName: string | undefined;
}

export const noFindings: Findings = {
  lines: [],
  gaps: [],
  failedLaunches: [],
  unhealthy: 0,
  instances: undefined,
  running: [],
  functionName: undefined,
};

/** `12:33:40  provider log  LaunchFailed  m7i.xlarge us-east-1a: …`, times in UTC. */
export function evidenceLines(lines: readonly Evidence[]): string[] {
  const width = Math.max(0, ...lines.map(({ source }) => source.length));
  return lines.map(({ source, time, text }) => {
    const when = time === undefined ? "now     " : time.toISOString().slice(11, 19);
    return `${when}  ${source.padEnd(width)}  ${text}`;
  });
}

/** The same for machines. */
export function evidenceDetails(lines: readonly Evidence[]): readonly object[] {
  return lines.map(({ source, time, text }) => ({
    source,
    ...(time === undefined ? {} : { time: time.toISOString() }),
    text,
  }));
}
