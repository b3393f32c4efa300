import { readFileSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Place } from "../finding.ts";
import type { Instrumented } from "./instrument/instrument.ts";
import type { RawPlace } from "./worker/records.ts";

export interface SourceOfCode {
  /** The bundle, as esbuild made it. */
  readonly code: string;
  /** Its source map, as JSON. */
  readonly map?: string | undefined;
  /** Its name, shown where no map leads further. */
  readonly file: string;
  readonly projectDir: string;
}

/** Finds the source of what runs: through the instrumentation's map and then the bundle's. */
export class CodePlaces {
  readonly #source: SourceOfCode;
  readonly #map: TraceMap | undefined;
  readonly #lineStarts: readonly number[];
  readonly #texts = new Map<string, readonly string[]>();
  #instrumented: Instrumented | undefined;
  #own: TraceMap | undefined;

  constructor(source: SourceOfCode) {
    this.#source = source;
    this.#map = source.map === undefined ? undefined : new TraceMap(source.map);
    this.#lineStarts = lineStartsOf(source.code);
  }

  instrumentedAs(instrumented: Instrumented): void {
    this.#instrumented = instrumented;
  }

  /** Whether what stands at an offset of the bundle is the project's own, and no package's. */
  isOwn(offset: number): boolean {
    if (!this.#map) return true;
    const { source } = this.#original(offset);
    return source !== null && !/(^|\/)node_modules\//.test(source);
  }

  /** The place of a site that the instrumentation numbered. */
  ofSite(site: number): Place | undefined {
    const offset = this.#instrumented?.sites.offsetOf(site);
    return offset === undefined ? undefined : this.#placeOf(offset);
  }

  /** Where a watched variable is declared. */
  ofVariable(id: number | undefined): Place | undefined {
    const site = id === undefined ? undefined : this.#instrumented?.declared[id];
    return site === undefined ? undefined : this.ofSite(site);
  }

  /** The place that a stack of the running code names. */
  ofStack({ line, column }: RawPlace): Place | undefined {
    if (!this.#instrumented) return undefined;
    this.#own ??= new TraceMap({
      version: 3,
      sources: [this.#source.file],
      names: [],
      ...this.#decoded(this.#instrumented),
    } as never);
    const found = originalPositionFor(this.#own, { line, column: Math.max(0, column - 1) });
    if (found.line === null) return undefined;
    return this.#placeOf((this.#lineStarts[found.line - 1] ?? 0) + found.column);
  }

  #decoded(instrumented: Instrumented) {
    return { mappings: instrumented.map().mappings };
  }

  #original(offset: number) {
    const line = lineOf(this.#lineStarts, offset);
    const column = offset - (this.#lineStarts[line] ?? 0);
    if (!this.#map) return { source: null, line: line + 1, column };
    return originalPositionFor(this.#map, { line: line + 1, column });
  }

  #placeOf(offset: number): Place | undefined {
    const { source, line, column } = this.#original(offset);
    if (line === null || column === null) return undefined;
    const file = source ?? this.#source.file;
    const text = this.#textOf(file)[line - 1]?.trim();
    return { file, line, column: column + 1, ...(text === undefined ? {} : { text }) };
  }

  #textOf(file: string): readonly string[] {
    const known = this.#texts.get(file);
    if (known) return known;
    let lines: readonly string[] = [];
    try {
      lines = readFileSync(join(this.#source.projectDir, file), "utf8").split("\n");
    } catch {
      if (file === this.#source.file) lines = this.#source.code.split("\n");
    }
    this.#texts.set(file, lines);
    return lines;
  }
}

function lineStartsOf(code: string): number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The last line that begins at or before an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
