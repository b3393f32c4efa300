import { shortHash } from "../../../deploy/code-hash.ts";
import type { ProbeAnswer } from "../../../deploy/probe.ts";

/** What a push came to; the last line of its JSON. */
export interface Pushed {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** False: everything ran as wanted already. */
  readonly changed: boolean;
  readonly functions: readonly PushedFunction[];
  readonly milliseconds: number;
}

export interface PushedFunction {
  readonly functionName: string;
  /** False: skipped, it runs so already. */
  readonly changed: boolean;
  /** `code`, and names of settings. */
  readonly changes: readonly string[];
  /** Hash of the code that answered before, base64 of SHA-256; undefined where nothing was published. */
  readonly from: string | undefined;
  readonly to: string;
  /** undefined: no first request was sent. */
  readonly answer: ProbeAnswer | undefined;
}

export function renderPushed({ functions }: Pick<Pushed, "functions">): string {
  const width = Math.max(0, ...functions.map(({ functionName }) => functionName.length));
  return functions
    .map((each) => `${each.functionName.padEnd(width)}  ${changeOf(each)}`)
    .join("\n");
}

function changeOf({ changed, changes, from, to }: PushedFunction): string {
  if (!changed) return `${shortHash(to)}  unchanged`;
  const others = changes.filter((name) => name !== "code");
  const hashes =
    from === undefined || from === to ? shortHash(to) : `${shortHash(from)} → ${shortHash(to)}`;
  return others.length === 0 ? hashes : `${hashes}  ${others.join(", ")}`;
}
