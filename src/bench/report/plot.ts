import { scaleLinear } from "d3-scale";

export interface Line {
  readonly label: string;
  readonly colour: string;
  /** Not drawn where the value is undefined. */
  readonly points: readonly Point[];
  /** Dots beside the line. */
  readonly others?: readonly Point[];
}

export type Point = readonly [x: number, y: number | undefined];

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly Line[];
  /** Upright line at this x, e.g. the knee. */
  readonly mark?: { readonly x: number; readonly label: string } | undefined;
  /** Level line at this y, e.g. the wanted p99. */
  readonly level?: { readonly y: number; readonly label: string } | undefined;
  readonly format: (y: number) => string;
  /** Greatest y that is drawn: beyond it the line leaves the picture. */
  readonly yMax?: number;
}

const size = { width: 640, height: 320 };
const margin = { left: 70, right: 20, top: 62, bottom: 45 };
const area = { right: size.width - margin.right, bottom: size.height - margin.bottom } as const;
/** Dots at the edge are whole. */
const dot = 3;

/**
 * Lines over a load, as an SVG picture without scripts or fonts of its own, in the page's colour of text. Each point tells
 * its value where the pointer is.
 */
export function plotSvg(plot: Plot): string {
  const points = plot.lines.flatMap(({ points: own, others = [] }) => [...own, ...others]);
  const ys = points.flatMap(([, y]) => (y === undefined ? [] : [y]));
  const x = scaleLinear(
    [0, Math.max(1e-9, ...points.map(([at]) => at), plot.mark?.x ?? 0)],
    [margin.left, area.right],
  );
  const highest = Math.min(plot.yMax ?? Infinity, Math.max(1e-9, ...ys, plot.level?.y ?? 0));
  const y = scaleLinear([0, highest], [area.bottom, margin.top]).nice(5);
  const clip = `clip${hash(plot.title)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12" fill="currentColor" role="img">`,
    `<title>${escape(plot.title)}</title>`,
    `<clipPath id="${clip}"><rect x="${margin.left - dot}" y="${margin.top - dot}" width="${area.right - margin.left + 2 * dot}" height="${area.bottom - margin.top + 2 * dot}"/></clipPath>`,
    `<text x="${margin.left}" y="18" font-size="14">${escape(plot.title)}</text>`,
    legendOf(plot),
    ...y
      .ticks(5)
      .map(
        (value) =>
          `<line x1="${margin.left}" x2="${area.right}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#8884"/><text x="${margin.left - 6}" y="${at(y(value)) + 4}" text-anchor="end">${escape(plot.format(value))}</text>`,
      ),
    ...x
      .ticks(6)
      .map(
        (value) =>
          `<text x="${at(x(value))}" y="${area.bottom + 18}" text-anchor="middle">${value.toLocaleString("en-US")}</text>`,
      ),
    `<text x="${(size.width + margin.left) / 2}" y="${size.height - 8}" text-anchor="middle">${escape(plot.xLabel)}</text>`,
    markOf(plot, x),
    levelOf(plot, y),
    `<g clip-path="url(#${clip})">`,
    ...plot.lines.map((line) => drawn(line, x, y, plot.format)),
    "</g>",
    "</svg>",
  ].join("\n");
}

type Scale = (value: number) => number;

/** Wide enough for a character of the legend. */
const characterWidth = 6.6;
const sample = { width: 18, gap: 6, space: 22 };

/** A row below the title, each name behind a piece of its line. */
function legendOf({ lines, level }: Plot): string {
  const names = [
    ...lines.map(({ label, colour }) => ({ label, stroke: `stroke="${colour}" stroke-width="3"` })),
    ...(level ? [{ label: level.label, stroke: levelStroke }] : []),
  ];
  let from = margin.left;
  return names
    .map(({ label, stroke }) => {
      const x = at(from);
      from += sample.width + sample.gap + characterWidth * label.length + sample.space;
      return `<line x1="${x}" x2="${x + sample.width}" y1="33" y2="33" ${stroke}/><text x="${x + sample.width + sample.gap}" y="37">${escape(label)}</text>`;
    })
    .join("");
}

function drawn(
  { points, others = [], colour, label }: Line,
  x: Scale,
  y: Scale,
  format: Plot["format"],
): string {
  const path = known(points)
    .map(([load, value]) => `${at(x(load))},${at(y(value))}`)
    .join(" ");
  const dots = (of: readonly Point[], look: string) =>
    known(of).map(
      ([load, value]) =>
        `<circle cx="${at(x(load))}" cy="${at(y(value))}" r="${dot}" ${look}><title>${escape(`${label} at ${load.toLocaleString("en-US")}: ${format(value)}`)}</title></circle>`,
    );
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>`,
    ...dots(points, `fill="${colour}"`),
    ...dots(others, `fill="transparent" stroke="${colour}"`),
  ].join("");
}

function known(points: readonly Point[]): (readonly [x: number, y: number])[] {
  return points.flatMap(([x, y]) => (y === undefined ? [] : [[x, y] as const]));
}

/** Its words stand above the picture's area, where no line goes, on the side that has room. */
function markOf({ mark }: Plot, x: Scale): string {
  if (mark === undefined) return "";
  const where = at(x(mark.x));
  const isLeft = where < (margin.left + area.right) / 2;
  return `<line x1="${where}" x2="${where}" y1="${margin.top - 14}" y2="${area.bottom}" stroke="#888" stroke-dasharray="4 4"/><text x="${isLeft ? where + 4 : where - 4}" y="${margin.top - 6}" text-anchor="${isLeft ? "start" : "end"}">${escape(mark.label)}</text>`;
}

const levelStroke = 'stroke="#888" stroke-width="2" stroke-dasharray="2 3"';

function levelOf({ level }: Plot, y: Scale): string {
  if (level === undefined) return "";
  return `<line x1="${margin.left}" x2="${area.right}" y1="${at(y(level.y))}" y2="${at(y(level.y))}" ${levelStroke}/>`;
}

const at = (value: number) => Math.round(value * 10) / 10;

/** Several pictures of one page have ids of their own. */
function hash(text: string): string {
  let value = 0;
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return value.toString(36);
}

export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
