import { isStopped } from "../../../deploy/declared-scaling.ts";
import { whenInWords } from "../../output/instant.ts";
import type { ScreenLine, Span, Tone } from "../../output/screen.ts";
import { wrapLine } from "../../output/wrap-line.ts";
import { bar, sparkline } from "./bars.ts";
import type { FunctionLoad, InstanceTypeLoad } from "./load.ts";
import type { FunctionView, ProviderView, Status } from "./model.ts";
import { pausedText, scheduleText } from "./pause-view.ts";
import {
  aliasText,
  costText,
  driftTexts,
  environmentsText,
  failureText,
  groupText,
  latencyText,
  missingText,
  noMetricYet,
  percent,
  pushedText,
  requestsText,
  unknownText,
  vCpusText,
  versionTexts,
} from "./texts.ts";
import { clock, clockWithSeconds, count, counted } from "./words.ts";

export interface DashboardFrame {
  readonly columns: number;
  readonly rows: number;
  /** Lines that are scrolled away above. */
  readonly scroll: number;
  /** Milliseconds. */
  readonly interval: number;
  readonly local: boolean;
  /** Why what is shown is not of now. */
  readonly problem: string | undefined;
}

/** The status as a screen: what is wrong is said in words, and coloured besides. */
export function dashboard(status: Status, frame: DashboardFrame): ScreenLine[] {
  const wide = barWidth(frame.columns);
  const whole = [
    ...troubleLines(status),
    ...lifetimeLines(status),
    ...status.capacityProviders.flatMap((provider) => [
      ...providerLines(provider, status, wide),
      [],
    ]),
    ...(status.capacityProviders.length === 0
      ? [line("Provider", [unknownText(status, "provider") ?? "none"]), []]
      : []),
    ...status.functions.flatMap((own) => [...functionLines(own, status, wide), []]),
    ...closingLines(status, frame.local),
  ];
  const body = whole.flatMap((each) => wrapLine(each, labelWidth + 2, frame.columns - 1));
  const head = [...headLines(status, frame), []];
  const room = Math.max(1, frame.rows - head.length - footLines(0, frame).length);
  const start = Math.min(frame.scroll, Math.max(0, body.length - room));
  const shown = body.slice(start, start + room);
  return [...head, ...shown, ...footLines(body.length - start - shown.length, frame)];
}

/** When the stack goes, what is paused, and what its schedule does next. */
function lifetimeLines({ expires, pause, time }: Status): ScreenLine[] {
  const lines = [
    ...lineIfSaid("Goes", expires && whenInWords(expires, time)),
    ...lineIfSaid("Paused", pausedText(pause), "notable"),
    ...lineIfSaid("Schedule", scheduleText(pause)),
  ];
  return lines.length === 0 ? [] : [...lines, []];
}

function troubleLines({ trouble }: Status): ScreenLine[] {
  if (trouble === undefined) return [];
  const { outcome, failures } = trouble;
  return [
    ...(outcome === undefined ? [] : [line("Stack", [outcome])]),
    ...failures.map((each, index) =>
      line(index === 0 ? "Failed" : "", [toned(failureText(each), "bad")]),
    ),
    [],
  ];
}

/** How far it can be scrolled. */
export function scrollLimit(status: Status, frame: DashboardFrame): number {
  const all = dashboard(status, { ...frame, rows: 10_000, scroll: 0 });
  return Math.max(0, all.length - frame.rows);
}

/** Bars take a share of the width, and history as much as then fits. */
const barWidth = (columns: number) => Math.max(10, Math.min(40, Math.floor(columns / 6)));

/** The time stands at the right edge, or, where there is no room for it, with the place on a line of its own. */
function headLines({ stack, account, region, time }: Status, frame: DashboardFrame): ScreenLine[] {
  const left = `${stack.stackName}  `;
  const right = `${clockWithSeconds(time)} every ${frame.interval / 1000} s`;
  const place = frame.local ? "local" : `${account} · ${region}`;
  const room = frame.columns - 1;
  const name: ScreenLine = [left, toned(stack.status, stackTone(stack.status))];
  const taken = left.length + stack.status.length + place.length + right.length + 2;
  if (taken + 2 > room)
    return [name, [toned(`${place}  ${right}`, "faint")]].flatMap((each) =>
      wrapLine(each, 2, room),
    );
  return [[...name, toned(`  ${place}`, "faint"), " ".repeat(room - taken), toned(right, "faint")]];
}

function stackTone(status: string): Tone {
  if (status.endsWith("_IN_PROGRESS")) return "notable";
  return /FAILED|ROLLBACK/.test(status) ? "bad" : "good";
}

function footLines(below: number, { problem, columns }: DashboardFrame): ScreenLine[] {
  if (problem !== undefined) return wrapLine([toned(problem, "bad")], 2, columns - 1);
  const more = below > 0 ? `${counted(below, "more line")} below (↓) · ` : "";
  return wrapLine([toned(`${more}q leaves · r looks again now`, "faint")], 2, columns - 1);
}

function providerLines(provider: ProviderView, status: Status, wide: number): ScreenLine[] {
  const { name, state, scaling, vCpus, instanceGroups, load = [], versions } = provider;
  const mode = scaling === undefined ? "" : `  scaling ${scaling.mode}`;
  const aim = scaling?.targetCpu === undefined ? "" : ` to ${scaling.targetCpu} % CPU`;
  return [
    line("Provider", [
      `${name}  `,
      toned(state, state === "Active" ? "good" : "notable"),
      mode + aim,
    ]),
    line("vCPUs", [bar(vCpus.running, vCpus.cap, wide), `  ${vCpusText(provider)}`]),
    ...groupLines(instanceGroups, status),
    ...load.flatMap((each) => typeLines(each, wide)),
    ...(versions === undefined
      ? []
      : [line("Versions", [`${versions.used} of at most ${versions.limit}`])]),
    ...failureLines(provider),
  ];
}

function groupLines(groups: ProviderView["instanceGroups"], status: Status): ScreenLine[] {
  if (groups === undefined)
    return [line("Instances", [unknownText(status, "instances") ?? "not known"])];
  if (groups.length === 0) return [line("Instances", ["none"])];
  return groups.map((group, index) =>
    line(index === 0 ? "Instances" : "", [
      group.state === "running" ? groupText(group) : toned(groupText(group), "notable"),
    ]),
  );
}

function typeLines({ instanceType, cpu, memory }: InstanceTypeLoad, wide: number): ScreenLine[] {
  if (!cpu && !memory) return [line("Load", [`${instanceType}  ${noMetricYet}`])];
  const at = cpu ?? memory;
  const small = Math.floor(wide / 2);
  return [
    line("Load", [
      `${instanceType}  CPU `,
      bar(cpu?.value, 100, small),
      ` ${percent(cpu)}  memory `,
      bar(memory?.value, 100, small),
      ` ${percent(memory)}`,
      { text: at ? `  ${clock(at.time)}` : "", tone: "faint" },
    ]),
  ];
}

function failureLines({ launchFailures = [] }: ProviderView): ScreenLine[] {
  const [last] = launchFailures;
  if (last === undefined) return [];
  const text = `${count(launchFailures.length)} in 15 min, ${clock(last.time)}: ${last.message}`;
  return [line("Failed", [{ text, tone: "bad" }])];
}

function functionLines(own: FunctionView, status: Status, wide: number): ScreenLine[] {
  const { name, published, gone, url, load, versions = [] } = own;
  if (gone) return [line("Function", [`${name}  `, toned("not there", "bad")])];
  if (!published) {
    const unknown = unknownText(status, "functions");
    return [line("Function", [`${name}  `, unknown ?? toned("nothing published", "bad")])];
  }
  const { state = "?", lastUpdateStatus = "?" } = published;
  const reason = published.lastUpdateStatusReason ?? published.stateReason;
  return [
    line("Function", [
      `${name}  `,
      toned(state, functionTone(state)),
      ", last update ",
      toned(lastUpdateStatus, updateTone(lastUpdateStatus)),
    ]),
    ...(reason ? [line("", [toned(reason.trim(), "bad")])] : []),
    ...lineIfSaid("Code", pushedText(own), own.isStackCode ? undefined : "notable"),
    ...versionTexts(versions).map((text) => line("Version", [text])),
    ...lineIfSaid("Aliases", aliasText(own)),
    ...lineIfSaid("URL", url),
    ...(load === undefined ? [] : loadLines(load, wide)),
  ];
}

function lineIfSaid(label: string, said: string | undefined, tone?: Tone): ScreenLine[] {
  if (said === undefined) return [];
  return [line(label, [tone === undefined ? said : toned(said, tone)])];
}

/** What is paused is so on purpose. */
function functionTone(state: string): Tone {
  if (state === "Active") return "good";
  return isStopped(state) ? "notable" : "bad";
}

function updateTone(status: string): Tone {
  if (status === "Successful") return "good";
  return status === "InProgress" ? "notable" : "bad";
}

function loadLines(load: FunctionLoad, wide: number): ScreenLine[] {
  const latency = latencyText(load);
  const { concurrency, concurrencyLimit, cpu, cpuMaximum, memory, memoryMaximum } = load;
  const isMeasured = concurrency !== undefined || load.environments !== undefined;
  return [
    line("Requests", [
      sparkline(load.history.invocations.slice(-wide)),
      "  ",
      ...requestSpans(load),
    ]),
    ...throttleLines(load, wide),
    ...(latency === undefined ? [] : [line("Latency", [latency])]),
    line("Environ.", [
      ...(isMeasured ? [bar(concurrency?.value, concurrencyLimit?.value, wide), "  "] : []),
      environmentsText(load) ?? noMetricYet,
    ]),
    ...(cpu
      ? [
          line("CPU", [
            bar(cpu.value, 100, wide),
            `  ${percent(cpu)}, highest ${percent(cpuMaximum)}`,
          ]),
        ]
      : []),
    ...(memory
      ? [
          line("Memory", [
            bar(memory.value, 100, wide),
            `  ${percent(memory)}, highest ${percent(memoryMaximum)}`,
          ]),
        ]
      : []),
  ];
}

function requestSpans(load: FunctionLoad): Span[] {
  const text = requestsText(load);
  if (!load.errors) return [text];
  const errors = counted(load.errors, "error");
  const [before = "", after = ""] = text.split(errors);
  return [before, toned(errors, "bad"), after];
}

function throttleLines(load: FunctionLoad, wide: number): ScreenLine[] {
  const { throttles, throttleReasons, history } = load;
  if (!throttles) return [];
  return [
    line("Throttled", [
      sparkline(history.throttles.slice(-wide)),
      "  ",
      toned(`${count(throttles)} in 5 min`, "bad"),
    ]),
    ...throttleReasons.map(({ reason, evidence }) =>
      line("", [toned(reason, "notable"), `: ${evidence}`]),
    ),
  ];
}

function closingLines(status: Status, local: boolean): ScreenLine[] {
  const { cost, missing, next } = status;
  return [
    ...(cost ? [line("Cost", [costText(cost, local)])] : []),
    ...settingLines(status),
    ...missing.map((each) => line("Not known", [`${each.part}: ${missingText(each)}`])),
    ...(next === undefined ? [] : [line("Next", [next])]),
  ];
}

function settingLines(status: Status): ScreenLine[] {
  const { settings } = status;
  if (settings === undefined) return [];
  if (settings.problem !== undefined) return [line("Settings", [settings.problem])];
  const differing = settings.effective.filter(({ differs }) => differs);
  const drift = driftTexts(status);
  const summary =
    differing.length === 0
      ? "as the project says"
      : `${differing.length} ${differing.length === 1 ? "differs" : "differ"} from the project: ${differing.map(({ path }) => path).join(", ")}`;
  return [
    line("Settings", [differing.length === 0 ? summary : toned(summary, "notable")]),
    ...drift.map((text, index) => line(index === 0 ? "Drift" : "", [toned(text, "notable")])),
  ];
}

const labelWidth = 11;

function toned(text: string, tone: Tone): Span {
  return { text, tone };
}

function line(label: string, spans: readonly Span[]): ScreenLine {
  return [toned(label.padEnd(labelWidth), "faint"), ...spans];
}
