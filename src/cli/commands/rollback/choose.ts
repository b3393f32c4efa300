import type { KeptBy, KeptCode } from "../../../aws/ports.ts";
import { shortHash } from "../../../deploy/code-hash.ts";
import { deployedRecord } from "../../../deploy/deployed-record.ts";
import { pushedMark, pushedTime } from "../../../deploy/pushed-mark.ts";
import { deployedResources } from "../../../deploy/template-resources.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import { isRecord } from "../../../is-record.ts";
import type { FoundFunction, PushSurvey } from "../push/survey-push.ts";

/** Code that a function can go back, or forth, to. */
export interface Candidate {
  readonly key: string;
  /** undefined: what CloudFormation deployed, where nobody has kept it and its hash is not read. */
  readonly codeSha256: string | undefined;
  readonly at: Date | undefined;
  readonly by: KeptBy;
}

/**
 * What was in service, oldest first: what pushes, deploys and rollbacks have kept, and what CloudFormation deployed,
 * where something else than lmi let it.
 */
export function history(
  kept: readonly KeptCode[],
  { stack, template }: Pick<PushSurvey, "stack" | "template">,
  functionName: string,
  { published }: FoundFunction,
): Candidate[] {
  const deployedAt = stack.updatedAt ?? stack.createdAt;
  const key = assetKey(functionName, template);
  // Without a mark CloudFormation has published it: then it is what runs.
  const isBehind = pushedMark(published?.description) !== undefined;
  if (deployedRecord(kept, stack) || key === undefined || !isBehind) return [...kept];
  const deployed: Candidate = { key, codeSha256: undefined, at: deployedAt, by: "deploy" };
  return [...kept, deployed].toSorted((one, other) => timeOf(one) - timeOf(other));
}

function timeOf({ at }: Pick<Candidate, "at">): number {
  return at?.getTime() ?? 0;
}

const identity = ({ codeSha256, key }: Candidate): string => codeSha256 ?? key;

/** Each code once, by its last push or deploy, oldest first. */
export function codes(all: readonly Candidate[]): Candidate[] {
  const rolledBackFirst = all.toSorted(
    (one, other) => Number(other.by === "rollback") - Number(one.by === "rollback"),
  );
  const last = new Map(rolledBackFirst.map((each) => [identity(each), each]));
  return [...last.values()].toSorted((one, other) => timeOf(one) - timeOf(other));
}

/** The way back: what came one after the other, without what a rollback has left behind. */
function wayBack(all: readonly Candidate[]): Candidate[] {
  const way: Candidate[] = [];
  for (const each of all) {
    const known = way.findLastIndex((other) => identity(other) === identity(each));
    if (each.by === "rollback" && known >= 0) way.length = known + 1;
    else if (known < 0 || known < way.length - 1) way.push(each);
  }
  return way;
}

/** Where the deployed template has the function's code, in the bucket of the bootstrap stack. */
function assetKey(functionName: string, template: string | undefined): string | undefined {
  const own = Object.values(deployedResources(template)).find(
    ({ Type, Properties }) =>
      Type === "AWS::Lambda::Function" && Properties?.["FunctionName"] === functionName,
  );
  const code = own?.Properties?.["Code"];
  const key = isRecord(code) ? code["S3Key"] : undefined;
  return typeof key === "string" ? key : undefined;
}

/**
 * The code before the one that runs. A second rollback goes back further, and after a push it goes to what the push has
 * replaced; where something runs that is not kept, to the last that is.
 * @param to the beginning of a hash in hex; undefined: the one before
 */
export function choose(
  all: readonly Candidate[],
  running: string,
  to: string | undefined,
  functionName: string,
): Candidate {
  if (to !== undefined) return named(codes(all), to, functionName);
  const way = wayBack(all);
  const position = way.findLastIndex(({ codeSha256 }) => codeSha256 === running);
  const before = position < 0 ? way.at(-1) : way[position - 1];
  if (before === undefined) throw nothingBefore(functionName, running, all);
  return before;
}

function named(all: readonly Candidate[], to: string, functionName: string): Candidate {
  const wanted = to.toLowerCase();
  // Nothing, as a variable that a script has not set, begins every hash, and names none.
  const found = all.filter(
    ({ codeSha256 }) =>
      wanted !== "" && codeSha256 !== undefined && hex(codeSha256).startsWith(wanted),
  );
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  const there = all.flatMap(({ codeSha256 }) => codeSha256 ?? []).map(shortHash);
  throw new LmiError(
    "LMI_USAGE",
    `--to ${to === "" ? '""' : to} is ${only ? "not one code alone" : "no kept code"}.`,
    {
      why: `Of ${functionName} there is ${there.length === 0 ? "none" : there.join(", ")}.`,
      next: `lmi rollback ${functionName} --list`,
      exitCode: ExitCode.usage,
    },
  );
}

function hex(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}

function nothingBefore(functionName: string, running: string, all: readonly Candidate[]): LmiError {
  const isIdentical = all.length > 1 && all.every(({ codeSha256 }) => codeSha256 === running);
  const oldest = `Kept is what lmi push and lmi deploy bring, and ${shortHash(running)} is the oldest of it.`;
  const identical = `It was brought ${all.length} times, and the bundle is identical (${shortHash(running)}): what differs are settings, which are not rolled back.`;
  return new LmiError("LMI_NO_EARLIER_CODE", `There is no earlier code of ${functionName}.`, {
    why: isIdentical ? identical : oldest,
    next: `lmi rollback ${functionName} --list`,
    details: { functionName, running },
  });
}

/** `082f4c3a (pushed 2026-11-26 01:20 UTC)`. */
export function inWords({ codeSha256, at, by }: Omit<Candidate, "key">): string {
  const hash = codeSha256 === undefined ? "the deployed code" : shortHash(codeSha256);
  return `${hash} (${broughtWords({ at, by })})`;
}

export function broughtWords({ at, by }: Pick<Candidate, "at" | "by">): string {
  const how = { push: "pushed", deploy: "deployed", rollback: "rolled back to" }[by];
  return at === undefined ? how : `${how} ${pushedTime(at)}`;
}
