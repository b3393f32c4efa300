import { hexHash, shortHash } from "../../../deploy/code-hash.ts";
import { broughtWords, type Candidate } from "./choose.ts";

export interface KeptList {
  readonly functionName: string;
  /** What runs, base64 of SHA-256. */
  readonly running: string;
  /** The same in hex, as lmi shows it, shortened, and as `--to` takes it. */
  readonly runningHex: string;
  /** It was published last and did not start: what was published before it goes on answering. */
  readonly failed: boolean;
  /** Newest first. */
  readonly kept: readonly KeptEntry[];
}

export interface KeptEntry extends Omit<Candidate, "key"> {
  /** Hex of `codeSha256`; undefined where that is. */
  readonly codeHex: string | undefined;
  readonly running: boolean;
}

export function listOf(
  functionName: string,
  all: readonly Candidate[],
  running: string,
  failed = false,
): KeptList {
  const kept = all.toReversed().map(({ codeSha256, at, by }) => ({
    codeSha256,
    codeHex: codeSha256 === undefined ? undefined : hexHash(codeSha256),
    at,
    by,
    running: codeSha256 === running,
  }));
  return { functionName, running, runningHex: hexHash(running), failed, kept };
}

export function renderKept({ functionName, running, failed, kept }: KeptList): string {
  const now = failed ? "did not start: the code before it answers" : "runs now";
  const isKept = kept.some((each) => each.running);
  return [
    ...(isKept ? [] : [`* ${shortHash(running)}  ${failed ? now : `${now}, and is not kept`}`]),
    ...kept.map((each) => {
      const hash = each.codeSha256 === undefined ? "deployed" : shortHash(each.codeSha256);
      const told = each.running ? `  ${now}` : "";
      return `${each.running ? "*" : " "} ${hash}  ${broughtWords(each)}${told}`;
    }),
    ...(kept.length === 0 ? [`No code of ${functionName} is kept.`] : []),
  ].join("\n");
}
