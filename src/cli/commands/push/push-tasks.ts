import { readFile } from "node:fs/promises";

import type { CodeState } from "../../../aws/ports.ts";
import { codeSha256 } from "../../../deploy/code-hash.ts";
import { functionChanges } from "../../../deploy/function-changes.ts";
import { functionGone } from "../../../deploy/function-gone.ts";
import { numberedAliases } from "../../../deploy/numbered-aliases.ts";
import { planPush, type PushableFunction } from "../../../deploy/push-plan.ts";
import { changedTags } from "../../../deploy/stack-tags.ts";
import { isRecord } from "../../../is-record.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { BuiltFunction } from "../../../synth/built-function.ts";
import { deployedFunctionName } from "../../../synth/names.ts";
import type { Prepared } from "../deploy/prepare.ts";
import type { ChangedSetting } from "./pushed.ts";
import type { FoundFunction, PushSurvey } from "./survey-push.ts";

/** What is to be done about one function. */
export interface PushTask {
  readonly functionName: string;
  readonly zip: Uint8Array;
  readonly codeSha256: string;
  /** Where a deploy keeps this code in the bucket of the bootstrap stack. */
  readonly assetKey: string;
  readonly latest: CodeState;
  readonly published: CodeState | undefined;
  /** Members of UpdateFunctionConfiguration. */
  readonly change: Readonly<Record<string, unknown>>;
  /** What changes for whoever calls it: `code`, `MemorySize`. Empty: it runs so already. */
  readonly changes: readonly string[];
  /** Those of them with one plain value. */
  readonly settings: readonly ChangedSetting[];
  /** Names of its aliases that call a version of their own. */
  readonly aliasesBehind: readonly string[];
  /** It runs nowhere, and answers nobody: `lmi pause`, or 0 environments at most. */
  readonly isAsleep: boolean;
  /** `under way`: published before, by this command or another, and not in service yet. */
  readonly state: "differs" | "same" | "under way";
}

/**
 * Compares what the project comes to with what is deployed and with what runs. Fails with LMI_PUSH_NEEDS_DEPLOY, exit
 * code 2, where anything differs that only CloudFormation can change: half of a change is never pushed.
 * @param keys of the functions to push, as in the settings
 */
export async function pushTasks(
  prepared: Prepared,
  survey: Pick<PushSurvey, "stack" | "template" | "functions">,
  keys: readonly string[],
): Promise<PushTask[]> {
  const plan = planPush(prepared.template, survey.template);
  const refused = [...plan.needsDeploy];
  if (changedTags(prepared.tags, survey.stack.tags).length > 0) refused.push("tags");
  const { environment } = prepared.settings;
  const tasks: PushTask[] = [];
  for (const built of prepared.functions.filter(({ name }) => keys.includes(name))) {
    const functionName = deployedFunctionName(built.name, environment);
    const planned = plan.functions.find(({ wanted }) => wanted["FunctionName"] === functionName);
    const found = survey.functions.get(functionName);
    if (planned === undefined || found === undefined) continue;
    if (!isOwnCode(planned, built)) refused.push(`${planned.logicalId}: its code is set elsewhere`);
    const { task, needsDeploy } = await taskOf(functionName, planned, built, found);
    const aliasesBehind = numberedAliases(survey.template, functionName);
    refused.push(...needsDeploy.map((name) => `${planned.logicalId} (function): ${name}`));
    tasks.push({ ...task, aliasesBehind });
  }
  if (refused.length > 0) throw deployFirst(refused);
  return tasks;
}

/**
 * The same for a stack whose template is the project's already: what was changed of its functions beside CloudFormation.
 * Functions that are gone, and such whose code is set elsewhere, are left out.
 */
export async function tasksBeside(
  { template, functions, settings }: Prepared,
  find: (functionName: string) => Promise<FoundFunction>,
): Promise<PushTask[]> {
  const same = JSON.stringify(template);
  const planned = planPush(template, same).functions;
  const tasks = functions.map(async (built) => {
    const functionName = deployedFunctionName(built.name, settings.environment);
    const own = planned.find(({ wanted }) => wanted["FunctionName"] === functionName);
    if (own === undefined || !isOwnCode(own, built)) return [];
    const found = await find(functionName);
    if (found.latest === undefined) return [];
    return [(await taskOf(functionName, own, built, found)).task];
  });
  return (await Promise.all(tasks)).flat();
}

async function taskOf(
  functionName: string,
  { wanted, deployed }: PushableFunction,
  { assetPath, assetHash }: BuiltFunction,
  { latest, published }: FoundFunction,
): Promise<{ readonly task: PushTask; readonly needsDeploy: readonly string[] }> {
  if (latest === undefined) throw functionGone(functionName);
  const zip = await readFile(assetPath);
  const sha256 = codeSha256(zip);
  const { change, needsDeploy } = functionChanges(wanted, deployed, latest.properties);
  const names =
    published === undefined
      ? ["the first version"]
      : functionChanges(wanted, deployed, published.properties).names;
  const changes = [...(published?.codeSha256 === sha256 ? [] : ["code"]), ...names];
  const settings = published === undefined ? [] : changedSettings(wanted, published, names);
  const isLatest = latest.codeSha256 === sha256 && Object.keys(change).length === 0;
  const state = changes.length > 0 || !isLatest ? "differs" : stateOf(published);
  const code = { zip, codeSha256: sha256, assetKey: assetKey(assetHash) };
  return {
    task: {
      functionName,
      ...code,
      latest,
      published,
      change,
      changes,
      settings,
      state,
      // A deploy brings aliases along by itself.
      aliasesBehind: [],
      isAsleep: isAsleep(published),
    },
    needsDeploy,
  };
}

/** Those with one plain value; of variables and layers nobody wants to read more than names. */
function changedSettings(
  wanted: PushableFunction["wanted"],
  { properties }: CodeState,
  names: readonly string[],
): ChangedSetting[] {
  return names.flatMap((name) => {
    const [from, to] = [valueIn(properties, name), valueIn(wanted, name)];
    return to === undefined ? [] : [{ name, from, to }];
  });
}

function valueIn(properties: Readonly<Record<string, unknown>>, name: string) {
  const logging = properties["LoggingConfig"];
  const found = properties[name] ?? (isRecord(logging) ? logging[name] : undefined);
  return typeof found === "string" || typeof found === "number" ? found : undefined;
}

/** No environments run, and none come by themselves (botocore service model lambda, State). */
export function isAsleep(published: CodeState | undefined): boolean {
  return /^(Inactive|Deactivating|Deactivated)$/.test(published?.state ?? "");
}

export function hasFailed({ lastUpdateStatus, state }: CodeState): boolean {
  return lastUpdateStatus === "Failed" || state === "Failed";
}

/** What was published and failed is published again: the cause may be gone, as where capacity was missing. */
export function stateOf(published: CodeState | undefined): PushTask["state"] {
  if (published && hasFailed(published)) return "differs";
  const isUnderWay = published?.lastUpdateStatus === "InProgress" || published?.state === "Pending";
  return isUnderWay ? "under way" : "same";
}

/** As CDK's synthesizer names it. */
function assetKey(assetHash: string): string {
  return `${assetHash}.zip`;
}

/** Overrides and the stack function may give a function code of its own. */
function isOwnCode({ wanted }: PushableFunction, { assetHash }: BuiltFunction): boolean {
  const { Code: code } = wanted;
  return isRecord(code) && code["S3Key"] === assetKey(assetHash);
}

function deployFirst(needsDeploy: readonly string[]): LmiError {
  return new LmiError("LMI_PUSH_NEEDS_DEPLOY", "There are changes that cannot be pushed.", {
    why: [
      "Only CloudFormation can make them, and nothing was pushed:",
      ...needsDeploy.map((each) => `  ${each}`),
    ].join("\n"),
    next: "lmi diff, then: lmi deploy",
    exitCode: ExitCode.usage,
    details: { needsDeploy },
  });
}
