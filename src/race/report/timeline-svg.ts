import { escapeHtml } from "./escape-html.ts";
import type { Lane } from "./timeline.ts";

const width = 900;
const left = 100;
const laneHeight = 22;
const top = 26;
/** Lanes of one picture; a wave of one worker has 8 by default. */
const mostLanes = 40;

/** Overlapping requests as bars over time; where one waited at an await its bar is thin. Without scripts. */
export function timelineSvg(all: readonly Lane[]): string {
  const lanes = all.length > mostLanes ? all.filter(({ shows }) => shows) : all;
  const end = Math.max(1, ...lanes.map(({ to }) => to));
  const x = (milliseconds: number) => left + (milliseconds / end) * (width - left - 10);
  const height = top + lanes.length * laneHeight + 6;
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>Requests that overlap, over ${rounded(end)} ms</title>`,
    ...ticks(end).map(
      (at) =>
        // The last one ends where the picture does.
        `<line class="tick" x1="${rounded(x(at))}" x2="${rounded(x(at))}" y1="${top - 6}" y2="${height}"/>` +
        `<text class="axis" x="${rounded(x(at))}" y="14" text-anchor="${at === end ? "end" : "middle"}">${rounded(at)} ms</text>`,
    ),
    ...lanes.map((lane, index) => laneSvg(lane, top + index * laneHeight, x)),
    "</svg>",
  ].join("\n");
}

function laneSvg(lane: Lane, y: number, x: (milliseconds: number) => number): string {
  const bar = (from: number, to: number, className: string, title: string, inset: number) =>
    `<rect class="${className}" x="${rounded(x(from))}" width="${rounded(Math.max(1, x(to) - x(from)))}" ` +
    `y="${y + inset}" height="${laneHeight - 6 - 2 * inset}"><title>${escapeHtml(title)}</title></rect>`;
  const about = `request ${lane.request} ${lane.event}`;
  const waits = lane.held.map(({ from, to, place }) =>
    bar(from, to, "held", place ? `waits at ${place.file}:${place.line}` : "waits", 3),
  );
  return [
    `<text class="${lane.shows ? "shows" : "lane"}" x="${left - 8}" y="${y + 12}" text-anchor="end">request ${lane.request}</text>`,
    bar(lane.from, lane.to, lane.shows ? "run shown" : "run", about, 0),
    ...waits,
  ].join("");
}

function ticks(end: number): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => part * end);
}

const rounded = (value: number) => Math.round(value * 10) / 10;
