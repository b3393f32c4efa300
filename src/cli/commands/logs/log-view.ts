import type { TimelineEvent } from "../../../aws/ports.ts";
import type { Deps } from "../../deps.ts";
import { plainLayout } from "../../output/log-line.ts";
import type { LineLayout } from "../../output/log-line.ts";
import { readRecord } from "../../output/log-record.ts";
import { wantsColour } from "../../output/wants-colour.ts";
import type { LogsOptions } from "../logs.ts";
import { EncodedLines } from "./encoded-lines.ts";
import { levelTest } from "./line-filter.ts";
import { jsonPrinter, textPrinter } from "./line-printer.ts";
import type { LinePrinter } from "./line-printer.ts";
import { RequestCollector } from "./request-collector.ts";
import type { ReadLine } from "./request-collector.ts";
import type { LogSource } from "./sources.ts";

type ViewOptions = Pick<LogsOptions, "json" | "color" | "failedOnly" | "group" | "level">;
type ViewDeps = Pick<Deps, "system" | "reporter">;

/** Where lines go: laid out, grouped where that is wanted, and no faster than stdout takes them. */
export interface LogView {
  show(events: readonly TimelineEvent[]): Promise<void>;
  /** Nothing more will come. */
  end(): void;
  /** Lines shown so far. */
  readonly shown: number;
  /** The sources turned out to be others. */
  replaceSources(sources: readonly LogSource[]): void;
}

export async function logView(
  options: ViewOptions,
  deps: ViewDeps,
  sources: readonly LogSource[],
): Promise<LogView> {
  const layout = options.json ? undefined : await lineLayout(options, deps);
  const printer = (of: readonly LogSource[]) =>
    layout === undefined ? jsonPrinter(of) : textPrinter(of, layout);
  const isGrouped = options.failedOnly || options.group;
  return isGrouped
    ? new GroupedView(options, deps, printer, sources)
    : new PlainView(deps, printer, sources);
}

export async function lineLayout(
  { color }: Pick<ViewOptions, "color">,
  { system }: Pick<ViewDeps, "system">,
): Promise<LineLayout> {
  const today = system.now().toISOString().slice(0, 10);
  const columns = system.stdoutIsTerminal ? system.columns : undefined;
  if (!wantsColour(color, system, system.stdoutIsTerminal))
    return { ...plainLayout, columns, today };
  const { colourPalette, requestColours } = await import("../../output/palette.ts");
  const [palette, request] = await Promise.all([colourPalette(), requestColours()]);
  return { palette, request, columns, today };
}

type MakePrinter = (sources: readonly LogSource[]) => LinePrinter;

class PlainView implements LogView {
  readonly #deps: ViewDeps;
  readonly #make: MakePrinter;
  #print: LinePrinter;
  #shown = 0;

  constructor(deps: ViewDeps, make: MakePrinter, sources: readonly LogSource[]) {
    this.#deps = deps;
    this.#make = make;
    this.#print = make(sources);
  }

  get shown(): number {
    return this.#shown;
  }

  async show(events: readonly TimelineEvent[]): Promise<void> {
    this.#shown += events.length;
    const lines = new EncodedLines(events.length);
    for (const event of events) lines.add(this.#print(event));
    await write(lines.bytes, this.#deps);
  }

  end(): void {}

  replaceSources(sources: readonly LogSource[]): void {
    this.#print = this.#make(sources);
  }
}

class GroupedView implements LogView {
  readonly #options: ViewOptions;
  readonly #deps: ViewDeps;
  readonly #make: MakePrinter;
  readonly #collector: RequestCollector;
  readonly #wants: (message: string) => boolean;
  #print: LinePrinter;
  #shown = 0;

  constructor(
    options: ViewOptions,
    deps: ViewDeps,
    make: MakePrinter,
    sources: readonly LogSource[],
  ) {
    this.#options = options;
    this.#deps = deps;
    this.#make = make;
    this.#print = make(sources);
    this.#collector = new RequestCollector(options);
    // Here and not at CloudWatch: what ends a request may be below the level.
    this.#wants = options.level === undefined ? () => true : levelTest(options.level);
  }

  get shown(): number {
    return this.#shown;
  }

  async show(events: readonly TimelineEvent[]): Promise<void> {
    const now = this.#deps.system.now().getTime();
    const groups = events.flatMap((event) =>
      this.#collector.add({ event, record: readRecord(event.message) }, now),
    );
    await write(this.#text([...groups, ...this.#collector.ended(now)]), this.#deps);
  }

  end(): void {
    this.#deps.reporter.raw(this.#text(this.#collector.rest()));
    const { letGo } = this.#collector;
    if (letGo > 0)
      this.#deps.reporter.warn(`${letGo} lines of requests that had not ended were let go.`);
  }

  replaceSources(sources: readonly LogSource[]): void {
    this.#print = this.#make(sources);
  }

  /** Requests stand apart by an empty line. */
  #text(groups: readonly (readonly ReadLine[])[]): string {
    const texts = groups
      .map((lines) => lines.filter(({ event }) => this.#wants(event.message)))
      .filter((lines) => lines.length > 0)
      .map((lines) => {
        this.#shown += lines.length;
        const text = lines.map(({ event, record }) => this.#print(event, record)).join("");
        const isOfRequest = lines[0]?.record.requestId !== "";
        return isOfRequest && !this.#options.json ? `${text}\n` : text;
      });
    return texts.join("");
  }
}

async function write(text: Uint8Array | string, { system, reporter }: ViewDeps): Promise<void> {
  if (text.length === 0) return;
  reporter.raw(text);
  await system.stdoutDrained(system.interrupt);
}
