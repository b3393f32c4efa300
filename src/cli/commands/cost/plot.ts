import type { BreakEven, Comparison } from "../../../synth/cost/break-even.ts";

const width = 640;
const height = 360;
const margin = { left: 70, right: 20, top: 40, bottom: 45 };

/** Seen on white and on black. */
const colours = { managed: "#1a9e6a", ordinary: "#d9622b" } as const;

const style =
  "<style>:root:is(svg) .paper { fill: #fff } :root:is(svg) text { fill: #000 } .paper { fill: none } text { fill: currentColor }</style>";

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
  // Beyond the middle the words stand before the line, where there is room for them.
  const mark = (rate: number | undefined, words: string) => {
    if (rate === undefined) return "";
    const at = round(x.at(rate));
    const isLeft = at < (margin.left + width - margin.right) / 2;
    return `<line x1="${at}" x2="${at}" y1="${margin.top}" y2="${height - margin.bottom}" stroke="#888" stroke-dasharray="4 4"/><text x="${isLeft ? at + 5 : at - 5}" y="${height - margin.bottom - 8}" text-anchor="${isLeft ? "start" : "end"}">${words}</text>`;
  };
  const legend = (index: number, colour: string, words: string) =>
    `<line x1="${margin.left + 10}" x2="${margin.left + 34}" y1="${margin.top + 16 + 18 * index}" y2="${margin.top + 16 + 18 * index}" stroke="${colour}" stroke-width="3"/><text x="${margin.left + 42}" y="${margin.top + 20 + 18 * index}">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escape(title)}</title>`,
    // On a page it takes the page's colours; alone it is on white.
    style,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text x="${margin.left}" y="20" font-size="14">${escape(title)}</text>`,
    ...decades(x).map(
      (value) =>
        `<text x="${round(x.at(value))}" y="${height - margin.bottom + 18}" text-anchor="middle">${value.toLocaleString("en-US")}</text>`,
    ),
    `<text x="${(width + margin.left) / 2}" y="${height - 8}" text-anchor="middle">requests a second</text>`,
    ...decades(y).map(
      (value) =>
        `<line x1="${margin.left}" x2="${width - margin.right}" y1="${round(y.at(value))}" y2="${round(y.at(value))}" stroke="#8884"/><text x="${margin.left - 6}" y="${round(y.at(value)) + 4}" text-anchor="end">$${value.toLocaleString("en-US")}</text>`,
    ),
    line(within, ({ managed }) => managed, colours.managed),
    line(rows, ({ ordinary }) => ordinary, colours.ordinary),
    legend(0, colours.managed, "managed instances, a month"),
    legend(1, colours.ordinary, "ordinary Lambda, a month"),
    mark(rps, `equal at ${rps?.toLocaleString("en-US")}/s`),
    mark(limit && Math.max(limit.rps, x.from), `limits: ${limit?.rps.toLocaleString("en-US")}/s`),
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
