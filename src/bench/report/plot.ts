import { scaleLinear } from "d3-scale";

export interface Line {
  readonly label: string;
  readonly colour: string;
  /** Not drawn where the value is undefined. */
  readonly points: readonly (readonly [x: number, y: number | undefined])[];
  readonly dashed?: boolean;
}

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

const size = { width: 640, height: 300 };
const margin = { left: 70, right: 20, top: 40, bottom: 45 };

/** Lines over a load, as an SVG picture without scripts or fonts of its own. Each point tells its value where the pointer is. */
export function plotSvg(plot: Plot): string {
  const points = plot.lines.flatMap(({ points: all }) => all);
  const ys = points.flatMap(([, y]) => (y === undefined ? [] : [y]));
  const x = scaleLinear(
    [0, Math.max(1e-9, ...points.map(([at]) => at), plot.mark?.x ?? 0)],
    [margin.left, size.width - margin.right],
  );
  const highest = Math.min(plot.yMax ?? Infinity, Math.max(1e-9, ...ys, plot.level?.y ?? 0));
  const y = scaleLinear([0, highest], [size.height - margin.bottom, margin.top]).nice(5);
  const clip = `clip${hash(plot.title)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escape(plot.title)}</title>`,
    `<clipPath id="${clip}"><rect x="${margin.left}" y="${margin.top}" width="${size.width - margin.left - margin.right}" height="${size.height - margin.top - margin.bottom}"/></clipPath>`,
    `<text x="${margin.left}" y="20" font-size="14">${escape(plot.title)}</text>`,
    ...y
      .ticks(5)
      .map(
        (value) =>
          `<line x1="${margin.left}" x2="${size.width - margin.right}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#ddd"/><text x="${margin.left - 6}" y="${at(y(value)) + 4}" text-anchor="end">${escape(plot.format(value))}</text>`,
      ),
    ...x
      .ticks(6)
      .map(
        (value) =>
          `<text x="${at(x(value))}" y="${size.height - margin.bottom + 18}" text-anchor="middle">${value.toLocaleString("en-US")}</text>`,
      ),
    `<text x="${(size.width + margin.left) / 2}" y="${size.height - 8}" text-anchor="middle">${escape(plot.xLabel)}</text>`,
    `<g clip-path="url(#${clip})">`,
    ...plot.lines.map((line) => drawn(line, x, y, plot.format)),
    "</g>",
    ...plot.lines.map(
      ({ label, colour }, index) =>
        `<text x="${margin.left + 8}" y="${margin.top + 14 + 16 * index}" fill="${colour}">${escape(label)}</text>`,
    ),
    markOf(plot, x),
    levelOf(plot, y),
    "</svg>",
  ].join("\n");
}

type Scale = (value: number) => number;

function drawn(
  { points, colour, dashed, label }: Line,
  x: Scale,
  y: Scale,
  format: Plot["format"],
): string {
  const known = points.flatMap(([at0, value]) =>
    value === undefined ? [] : [[at0, value] as const],
  );
  const path = known.map(([at0, value]) => `${at(x(at0))},${at(y(value))}`).join(" ");
  const dots = known.map(
    ([at0, value]) =>
      `<circle cx="${at(x(at0))}" cy="${at(y(value))}" r="3" fill="${colour}"><title>${escape(`${label} at ${at0.toLocaleString("en-US")}: ${format(value)}`)}</title></circle>`,
  );
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ""} points="${path}"/>`,
    ...dots,
  ].join("");
}

function markOf({ mark }: Plot, x: Scale): string {
  if (mark === undefined) return "";
  return `<line x1="${at(x(mark.x))}" x2="${at(x(mark.x))}" y1="${margin.top}" y2="${size.height - margin.bottom}" stroke="#888" stroke-dasharray="4 4"/><text x="${at(x(mark.x)) - 4}" y="${size.height - margin.bottom - 6}" text-anchor="end">${escape(mark.label)}</text>`;
}

function levelOf({ level }: Plot, y: Scale): string {
  if (level === undefined) return "";
  return `<line x1="${margin.left}" x2="${size.width - margin.right}" y1="${at(y(level.y))}" y2="${at(y(level.y))}" stroke="#c40" stroke-dasharray="2 3"/><text x="${size.width - margin.right}" y="${at(y(level.y)) - 4}" text-anchor="end" fill="#c40">${escape(level.label)}</text>`;
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
