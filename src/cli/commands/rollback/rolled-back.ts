import { shortHash } from "../../../deploy/code-hash.ts";
import type { ProbeAnswer } from "../../../deploy/probe.ts";

/** What a rollback came to; the last line of its JSON. */
export interface RolledBack {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  /** False: it ran that code already. */
  readonly changed: boolean;
  /** Hashes of code, base64 of SHA-256. */
  readonly from: string;
  readonly to: string;
  /** The same in hex, as lmi shows them, shortened. */
  readonly fromHex: string;
  readonly toHex: string;
  /** It runs nowhere until `lmi resume`: nothing has shown that it answers. */
  readonly paused: boolean;
  /** Names of aliases that call a version of their own, which no rollback changes. */
  readonly aliasesBehind: readonly string[];
  /** undefined: no first request was sent. */
  readonly answer: ProbeAnswer | undefined;
  readonly milliseconds: number;
}

export function renderRolledBack({ functionName, changed, from, to }: RolledBack): string {
  const hashes = changed ? `${shortHash(from)} → ${shortHash(to)}` : `${shortHash(to)}  unchanged`;
  return `${functionName}  ${hashes}`;
}
