import { isStopped } from "../../../deploy/declared-scaling.ts";
import { whenInWords } from "../../output/instant.ts";
import { wrap } from "../../output/wrap.ts";
import type { EffectiveSetting } from "./settings-view.ts";
import type { FunctionView, ProviderView, Status } from "./model.ts";
import { pausedText, scheduleText } from "./pause-view.ts";
import {
  aliasText,
  costText,
  driftTexts,
  environmentsText,
  failureText,
  groupText,
  instanceText,
  latencyText,
  missingText,
  noMetricYet,
  providerText,
  pushedText,
  requestsText,
  typeLoadText,
  unknownText,
  useText,
  vCpusText,
  versionTexts,
} from "./texts.ts";

/** So many instances are listed one by one. */
const mostListed = 12;

/**
 * The whole status as lines; what is wrong stands last, where eyes are.
 * @param columns of the terminal, to break long lines; undefined: what is searched keeps its lines whole
 */
export function renderStatus(status: Status, local: boolean, columns?: number): string {
  const { next } = status;
  const rows = rowsOf(status, local);
  const told = columns === undefined ? rows : rows.map((each) => broken(each, columns - 1));
  // A command is for copying: it stays as it is.
  return [...told, ...(next === undefined ? [] : [row("Next", next)])].join("\n");
}

/** What is one word, as a URL, is for copying, too. */
function broken(line: string, columns: number): string {
  return line.slice(labelWidth).includes(" ") ? wrap(line, labelWidth + 2, columns) : line;
}

function rowsOf(status: Status, local: boolean): string[] {
  return [
    row("Account", `${status.account} · ${status.region}`),
    row("Stack", `${status.stack.stackName}  ${status.stack.status}`),
    ...troubleRows(status),
    ...expiryRows(status),
    ...rowIfSaid("Paused", pausedText(status.pause)),
    ...rowIfSaid("Schedule", scheduleText(status.pause)),
    ...(status.capacityProviders.length === 0
      ? [row("Provider", unknownText(status, "provider") ?? "none")]
      : []),
    ...status.capacityProviders.flatMap(providerRows),
    ...status.functions.flatMap((each) => functionRows(each, status)),
    ...instanceRows(status),
    ...(status.cost ? [row("Cost", costText(status.cost, local))] : []),
    ...settingRows(status),
    ...status.missing.map((each) => row("Not known", `${each.part}: ${missingText(each)}`)),
  ];
}

/** CloudFormation's own sentence only where no event says more. */
function troubleRows({ stack, trouble }: Status): string[] {
  const { outcome, failures = [] } = trouble ?? {};
  const said = failures.length > 0 || stack.status === "REVIEW_IN_PROGRESS";
  const words = [outcome, said ? undefined : stack.statusReason?.trim()];
  return [
    ...words.flatMap((each) => (each ? [row("", each)] : [])),
    ...failures.map((failure, index) => row(index === 0 ? "Failed" : "", failureText(failure))),
  ];
}

function pausedRows(state: string | undefined): string[] {
  return isStopped(state) ? [row("", "paused: it answers no requests until it is resumed")] : [];
}

/** When a stack with a time to live is deleted. */
function expiryRows({ expires, time }: Status): string[] {
  return expires === undefined ? [] : [row("Goes", whenInWords(expires, time))];
}

function providerRows(provider: ProviderView): string[] {
  const { versions, launchFailures = [] } = provider;
  const [failed] = launchFailures;
  return [
    row("Provider", providerText(provider)),
    ...(provider.vCpus.running === undefined ? [] : [row("vCPUs", vCpusText(provider))]),
    ...(provider.load ?? []).map((load) => row("Load", typeLoadText(load))),
    ...(versions === undefined
      ? []
      : [row("Versions", `${versions.used} of at most ${versions.limit}`)]),
    ...(failed === undefined
      ? []
      : [
          row("Failed", `${launchFailures.length} launches in 15 min, the last: ${failed.message}`),
        ]),
  ];
}

function instanceRows(status: Status): string[] {
  const { instances, capacityProviders } = status;
  if (instances === undefined)
    return [row("Instances", unknownText(status, "instances") ?? "not known")];
  if (instances.length === 0) return [row("Instances", "none")];
  const lines =
    instances.length <= mostListed
      ? instances.map(instanceText)
      : capacityProviders.flatMap(({ instanceGroups = [] }) => instanceGroups.map(groupText));
  return [row("Instances", String(instances.length)), ...lines.map((line) => row("", line))];
}

/** Of what answers no requests, why. */
function absentText({ gone }: FunctionView, whole: Status): string {
  const { status } = whole.stack;
  if (gone && /^(DELETE|ROLLBACK)_/.test(status)) return "gone";
  if (gone && status === "CREATE_FAILED") return "not made";
  if (gone) return "not there: deleted outside of the stack";
  return unknownText(whole, "functions") ?? "nothing published: it answers no requests";
}

function functionRows(own: FunctionView, whole: Status): string[] {
  const { name, published, url, versions = [] } = own;
  if (!published) return [row("Function", `${name}  ${absentText(own, whole)}`)];
  const reason = published.lastUpdateStatusReason ?? published.stateReason;
  return [
    row("Function", name),
    row(
      "",
      `$LATEST.PUBLISHED  ${published.state ?? "?"}, last update ${published.lastUpdateStatus ?? "?"}`,
    ),
    ...pausedRows(published.state),
    ...(reason ? [row("", reason.trim())] : []),
    ...rowIfSaid("Code", pushedText(own)),
    ...versionTexts(versions).map((said) => row("Version", said)),
    ...rowIfSaid("Aliases", aliasText(own)),
    ...rowIfSaid("URL", url),
    ...loadRows(own),
  ];
}

function rowIfSaid(label: string, said: string | undefined): string[] {
  return said === undefined ? [] : [row(label, said)];
}

function loadRows({ load }: FunctionView): string[] {
  if (load === undefined) return [];
  const [latency, environments, use] = [latencyText(load), environmentsText(load), useText(load)];
  return [
    row("Requests", requestsText(load)),
    ...load.throttleReasons.map(({ reason, evidence }) =>
      row("", `throttled: ${reason}: ${evidence}`),
    ),
    ...(latency === undefined ? [] : [row("Latency", latency)]),
    row("Environ.", environments ?? noMetricYet),
    ...(use === undefined ? [] : [row("Use", use)]),
  ];
}

function settingRows(status: Status): string[] {
  const { settings } = status;
  if (settings === undefined) return [];
  const drift = driftTexts(status);
  const problem = settings.problem === undefined ? [] : [row("Settings", settings.problem)];
  const [first, ...others] = table(settings.effective);
  return [
    ...problem,
    ...(first === undefined ? [] : [row("Settings", first)]),
    ...others.map((line) => row("", line)),
    ...drift.map((line, index) => row(index === 0 ? "Drift" : "", line)),
  ];
}

/** `functions.hello.memory  2048  lmi.json`, in columns; what the project says otherwise stands behind. */
function table(effective: readonly EffectiveSetting[]): string[] {
  const rows = effective.map(({ path, value, setting, origin, differs }) => ({
    path,
    value: text(value),
    origin: differs ? `${origin}; the project says ${text(setting)}` : origin,
  }));
  const width = (key: "path" | "value") => Math.max(0, ...rows.map((each) => each[key].length));
  const [paths, values] = [width("path"), width("value")];
  return rows.map(
    ({ path, value, origin }) => `${path.padEnd(paths)}  ${value.padEnd(values)}  ${origin}`,
  );
}

function text(value: unknown): string {
  if (value === undefined) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const labelWidth = 11;

function row(label: string, value: string): string {
  return `${label.padEnd(labelWidth - 1)} ${value}`;
}
