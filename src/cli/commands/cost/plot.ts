import type { BreakEven, Comparison } from "../../../synth/cost/break-even.ts";

const width = 640;
const height = 360;
const margin = { left: 70, right: 20, top: 40, bottom: 45 };

/** Both curves, that of managed instances up to their limits, over requests a second, both axes logarithmic, as an SVG picture without scripts or fonts of its own. */
export function plotSvg({ rows, rps, limit }: BreakEven, title: string): string {
  const first = rows[0]?.rps ?? 1;
  const within = [...rows.filter((row) => !row.beyondLimits), ...(limit ? [limit] : [])].filter(
    (row) => row.rps >= first,
  );
  const costs = [...within.map(({ managed }) => managed), ...rows.map(({ ordinary }) => ordinary)];
  const x = logScale(first, rows.at(-1)?.rps ?? 10, margin.left, width - margin.right);
  const y = logScale(
    10 ** Math.floor(Math.log10(Math.max(0.01, Math.min(...costs)))),
    10 ** Math.ceil(Math.log10(Math.max(...costs))),
    height - margin.bottom,
    margin.top,
  );
  const line = (
    points: readonly Comparison[],
    value: (row: Comparison) => number,
    colour: string,
  ) =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points
      .map((row) => `${round(x.at(row.rps))},${round(y.at(Math.max(y.from, value(row))))}`)
      .join(" ")}"/>`;
  const mark = (rate: number | undefined, words: string, down: number) =>
    rate === undefined
      ? ""
      : `<line x1="${round(x.at(rate))}" x2="${round(x.at(rate))}" y1="${margin.top}" y2="${height - margin.bottom}" stroke="#888" stroke-dasharray="4 4"/><text x="${round(x.at(rate)) + 4}" y="${margin.top + down}">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin.left}" y="20" font-size="14">${escape(title)}</text>`,
    ...decades(x).map(
      (value) =>
        `<text x="${round(x.at(value))}" y="${height - margin.bottom + 18}" text-anchor="middle">${value}</text>`,
    ),
    `<text x="${(width + margin.left) / 2}" y="${height - 8}" text-anchor="middle">requests a second</text>`,
    ...decades(y).map(
      (value) =>
        `<line x1="${margin.left}" x2="${width - margin.right}" y1="${round(y.at(value))}" y2="${round(y.at(value))}" stroke="#ddd"/><text x="${margin.left - 6}" y="${round(y.at(value)) + 4}" text-anchor="end">$${value.toLocaleString("en-US")}</text>`,
    ),
    line(within, ({ managed }) => managed, "#0a6"),
    line(rows, ({ ordinary }) => ordinary, "#c40"),
    `<text x="${margin.left + 8}" y="${margin.top + 14}" fill="#0a6">managed instances, a month</text>`,
    `<text x="${margin.left + 8}" y="${margin.top + 30}" fill="#c40">ordinary Lambda, a month</text>`,
    mark(rps, `${rps}/s`, 12),
    mark(limit && Math.max(limit.rps, x.from), `limits: ${limit?.rps}/s`, 44),
    "</svg>",
  ].join("\n");
}

interface Scale {
  readonly from: number;
  readonly to: number;
  at(value: number): number;
}

function logScale(from: number, to: number, start: number, end: number): Scale {
  const span = Math.log10(to) - Math.log10(from) || 1;
  return {
    from,
    to,
    at: (value) => start + ((Math.log10(value) - Math.log10(from)) / span) * (end - start),
  };
}

function decades({ from, to }: Scale): number[] {
  const first = Math.ceil(Math.log10(from));
  const last = Math.floor(Math.log10(to));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

const round = (value: number) => Math.round(value * 10) / 10;

export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
