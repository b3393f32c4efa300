import type { ManagedInstance } from "../../../aws/ports.ts";
import { shortHash } from "../../../deploy/code-hash.ts";
import { pushedMark, pushedTime } from "../../../deploy/pushed-mark.ts";
import { MAX_ENVIRONMENTS } from "../../../synth/environments.ts";
import type { DailyCost } from "./daily-cost.ts";
import type { FunctionLoad, InstanceTypeLoad, Measured } from "./load.ts";
import type {
  FunctionView,
  InstanceGroup,
  ProviderView,
  StackFailureView,
  Status,
  VersionView,
} from "./model.ts";
import type { MissingPart } from "./part.ts";
import { clock, count, counted, dollars, milliseconds, rate } from "./words.ts";

/** What single facts read as, on one line; the plain status and the dashboard say the same. */

/** Lambda developer guide, lambda-managed-instances-monitoring: a period of five minutes, late at first. */
export const noMetricYet = "no metric yet (the first ones come 5 to 10 minutes after publishing)";

/** Whether what answers was pushed since the last deployment; undefined where CloudFormation brought it. */
export function pushedText({ published, isStackCode }: FunctionView): string | undefined {
  const mark = pushedMark(published?.description);
  if (mark === undefined) return undefined;
  const how = mark.by === "rollback" ? "rolled back" : "pushed";
  const hash = shortHash(published?.codeSha256 ?? "");
  const brought = `${hash}, ${how} ${pushedTime(mark.at)}`;
  if (isStackCode === undefined) return brought;
  return `${brought}: ${isStackCode ? "" : "not "}what the stack says`;
}

/** `2026-11-26 04:48:09 UTC  HelloLambda CREATE_FAILED: …  (lmi explain LMI_EC2_QUOTA)`. */
export function failureText({ time, logicalId, status, reason, code }: StackFailureView): string {
  const at = `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return `${at}  ${logicalId} ${status}: ${reason}${code === undefined ? "" : `  (lmi explain ${code})`}`;
}

/** Why a part could not be read. */
export function missingText({ permission, code, message }: MissingPart): string {
  return code === "LMI_ACCESS_DENIED" ? `${permission} is not allowed` : message;
}

/** Stands where a part would; undefined: it could be read. */
export function unknownText({ missing }: Pick<Status, "missing">, part: string) {
  const why = missing.find((each) => each.part === part);
  return why && `not known: ${missingText(why)}`;
}

export function providerText(provider: ProviderView): string {
  const cap = provider.maxVCpuCount === undefined ? "" : `  at most ${provider.maxVCpuCount} vCPUs`;
  return `${provider.name}  ${provider.state}${cap}${scalingText(provider)}`;
}

function scalingText({ scaling }: ProviderView): string {
  if (scaling === undefined) return "";
  const { mode, targetCpu } = scaling;
  return `  scaling ${mode}${targetCpu === undefined ? "" : ` to ${targetCpu} % CPU`}`;
}

export function vCpusText({ vCpus }: ProviderView): string {
  const { cap, running, headroom, allocated, available } = vCpus;
  if (running === undefined) return "not known";
  const room = headroom === undefined ? "" : ` of ${cap}, ${headroom} more fit`;
  const use =
    allocated === undefined || available === undefined
      ? ""
      : `; ${count(allocated)} allocated, ${count(available)} free`;
  return `${running} running${room}${use}`;
}

export function groupText({ instanceType, availabilityZone, state, count: number }: InstanceGroup) {
  return `${number} × ${instanceType} ${availabilityZone ?? ""} ${state}`;
}

export function instanceText(instance: ManagedInstance): string {
  const { instanceId, instanceType, availabilityZone, state } = instance;
  return [instanceId, instanceType, availabilityZone, state].join("  ");
}

export function typeLoadText({ instanceType, cpu, memory }: InstanceTypeLoad): string {
  const at = cpu ?? memory;
  if (at === undefined) return `${instanceType}  ${noMetricYet}`;
  return `${instanceType}  CPU ${percent(cpu)}, memory ${percent(memory)}${when(at)}`;
}

export function requestsText(load: FunctionLoad): string {
  const { invocations, errors, throttles } = load;
  if (invocations === undefined && throttles === undefined) return "none in the last 5 minutes";
  const total = invocations ?? 0;
  return `${count(total)} in 5 min (${rate(total / 300)}/s), ${counted(errors ?? 0, "error")}, ${count(throttles ?? 0)} throttled`;
}

export function latencyText({ p50, p99 }: FunctionLoad): string | undefined {
  if (!p50 || !p99) return undefined;
  return `p50 ${milliseconds(p50.value)}, p99 ${milliseconds(p99.value)}${when(p50)}`;
}

export function environmentsText(load: FunctionLoad | undefined): string | undefined {
  if (!load) return undefined;
  const { environments, concurrency, concurrencyLimit } = load;
  if (!environments && !concurrency) return noMetricYet;
  const running = environments ? `${count(environments.value)} running, ` : "";
  const limit = concurrencyLimit ? ` of ${count(concurrencyLimit.value)}` : "";
  const most = concurrency ? `${count(concurrency.value)}${limit} requests at once in one` : "";
  return `${running}${most}`.replace(/, $/, "") + when(concurrency ?? environments);
}

export function useText({ cpu, cpuMaximum, memory, memoryMaximum }: FunctionLoad) {
  const at = cpu ?? memory;
  if (at === undefined) return undefined;
  return `CPU ${percent(cpu)} (highest ${percent(cpuMaximum)}), memory ${percent(memory)} (${percent(memoryMaximum)})${when(at)}`;
}

/** So many versions are listed one by one. */
const mostVersions = 12;

const rank = ({ version }: VersionView) => (/^\d+$/.test(version) ? Number(version) : Infinity);

/** What answers first, then numbers, newest first; of many the newest, and how many more. */
export function versionTexts(versions: readonly VersionView[]): string[] {
  const sorted = versions.toSorted((one, other) => {
    const [first, second] = [rank(one), rank(other)];
    return first === second ? 0 : second - first;
  });
  const shown = sorted.slice(0, mostVersions).map(versionText);
  const more = sorted.length - shown.length;
  return more === 0 ? shown : [...shown, `${more} more: lmi versions`];
}

function versionText({ version, state, scaling }: VersionView): string {
  const { min, max } = scaling?.applied ?? {};
  const requested = scaling?.requested;
  const isUnderWay =
    requested !== undefined && (requested.min !== min || requested.max !== max) && isSet(requested);
  const under = isUnderWay ? `, asked for ${limits(requested)}` : "";
  return `${version}  ${state}  environments: ${scaling === undefined ? "not known" : limits({ min, max })}${under}`;
}

interface Limits {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

const isSet = ({ min, max }: Limits) => min !== undefined || max !== undefined;

/** Lambda's own minimum is 3 (Lambda developer guide, lambda-managed-instances-execution-environment). */
function limits({ min, max }: Limits): string {
  // The most that Lambda takes, which resuming sets where nothing was said, limits nothing.
  const isOpen = max === undefined || max === MAX_ENVIRONMENTS;
  return `at least ${min ?? 3}, ${isOpen ? "no maximum" : `at most ${max}`}`;
}

export function aliasText({ aliases = [] }: FunctionView): string | undefined {
  if (aliases.length === 0) return undefined;
  return aliases
    .map(({ name, versions: [first = "?", ...others] }) => {
      const part = others.length === 0 ? "" : `, a part of its requests to ${others.join(", ")}`;
      return `${name} → ${first}${part}`;
    })
    .join("; ");
}

export function costText(
  { perDay, items, unpriced, estimated }: DailyCost,
  local: boolean,
): string {
  const kinds = new Set(items.map(({ kind }) => kind));
  const made = [
    kinds.has("instances") ? "instances and fee" : undefined,
    kinds.has("network") ? "network" : undefined,
  ].filter((part) => part !== undefined);
  const of = made.length === 0 ? "" : `: ${made.join(", ")}`;
  const open = [
    ...(unpriced.length > 0 ? [`without ${unpriced.join(", ")}`] : []),
    ...(estimated.length > 0 ? [`${estimated.join(", ")} by a similar type`] : []),
  ];
  const notes = open.length === 0 ? "" : ` (${open.join("; ")})`;
  return `${dollars(perDay)} a day${local ? " on AWS" : ""}${of}${notes}`;
}

export function driftTexts({ settings }: Status): string[] {
  return (settings?.drift ?? []).map(
    ({ logicalId, path, deployed, now }) =>
      `${logicalId}${path}  now ${now ?? "none"}; deployed ${deployed ?? "none"}`,
  );
}

export function percent(measured: Measured | undefined): string {
  return measured === undefined ? "?" : `${Math.round(measured.value)} %`;
}

function when(measured: Measured | undefined): string {
  return measured === undefined ? "" : `  ${clock(measured.time)}`;
}
