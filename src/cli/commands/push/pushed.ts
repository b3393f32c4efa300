import type { PushCost } from "./cost-of-push.ts";
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
  /** US dollars a month before and after; only where a setting was changed that decides it. */
  readonly cost?: PushCost;
  readonly milliseconds: number;
}

export interface PushedFunction {
  readonly functionName: string;
  /** False: skipped, it runs so already. */
  readonly changed: boolean;
  /** `code`, and names of settings. */
  readonly changes: readonly string[];
  /** Hash of the code that answered before, base64 of SHA-256; undefined where nothing was published, or did not start. */
  readonly from: string | undefined;
  readonly to: string;
  /** The same hashes in hex, as lmi shows them, shortened. */
  readonly fromHex: string | undefined;
  readonly toHex: string;
  /** Settings that were changed and have one value, in the words of Lambda. */
  readonly settings: readonly ChangedSetting[];
  /** It runs nowhere until `lmi resume`, so nothing has shown yet that the code works. */
  readonly paused: boolean;
  /** Names of aliases that call a version of their own, which no push changes. */
  readonly aliasesBehind: readonly string[];
  /** undefined: no first request was sent. */
  readonly answer: ProbeAnswer | undefined;
}

export interface ChangedSetting {
  readonly name: string;
  readonly from: string | number | undefined;
  readonly to: string | number;
}

/** Of what a push can change, memory alone decides how many instances a function needs. */
export const isPriced = ({ name }: ChangedSetting): boolean => name === "MemorySize";

export function renderPushed({ functions }: Pick<Pushed, "functions">): string {
  const width = Math.max(0, ...functions.map(({ functionName }) => functionName.length));
  return functions
    .map((each) => `${each.functionName.padEnd(width)}  ${changeOf(each)}`)
    .join("\n");
}

function changeOf({ changed, changes, settings, from, to }: PushedFunction): string {
  if (!changed) return `${shortHash(to)}  unchanged`;
  const others = changes.filter((name) => name !== "code");
  const hashes =
    from === undefined || from === to ? shortHash(to) : `${shortHash(from)} → ${shortHash(to)}`;
  const words = others.map((name) => settingWords(name, settings));
  return words.length === 0 ? hashes : `${hashes}  ${words.join(", ")}`;
}

/** `memory 2048 → 4096`; of what is secret or long only the name. */
function settingWords(name: string, settings: readonly ChangedSetting[]): string {
  const found = settings.find((each) => each.name === name);
  if (found === undefined) return name;
  return `${settingNames[name] ?? name} ${found.from ?? "none"} → ${found.to}`;
}

/** As the project's settings call them. */
const settingNames: Readonly<Record<string, string>> = {
  ApplicationLogLevel: "logLevel",
  Handler: "handler",
  MemorySize: "memory",
  Runtime: "runtime",
  SystemLogLevel: "systemLogLevel",
  Timeout: "timeout",
};
