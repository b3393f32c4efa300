import { expect, test } from "vitest";

import { kneeOf } from "../../src/bench/knee.ts";
import { plotSvg } from "../../src/bench/report/plot.ts";
import { plotsOf } from "../../src/bench/report/plots.ts";
import type { Step } from "../../src/bench/step.ts";
import { rateStep } from "./queue.ts";

const queue = { slots: 8, serviceMs: 20 };
const measured = (rps: number): Step => rateStep(queue, rps, { seconds: 10 });

function plots(steps: readonly Step[]) {
  const given = { steps, p99: 200, maxErrors: 0.1 };
  return plotsOf({ ...given, knee: kneeOf(steps, 200), monthlyAt: undefined });
}

test("a line goes through the try of a rate that decided, and the others are beside it", () => {
  const paused = { ...measured(100), unanswered: 9 };
  const [latency] = plots([measured(50), paused, measured(100), measured(500)]);
  const [p50] = latency?.lines ?? [];
  expect(p50?.points.map(([rps]) => rps)).toEqual([50, 100, 500]);
  expect(p50?.others?.map(([rps]) => rps)).toEqual([100]);
  const svg = latency ? plotSvg(latency) : "";
  expect(svg.match(/<circle [^>]+fill="transparent"/g)).toHaveLength(3);
});

const titles = (steps: readonly Step[]) => plots(steps).map(({ title }) => title);

test("what was not measured has no picture", () => {
  const use = { environments: 3, cpu: 40, memory: 10 };
  expect(titles([measured(50)])).not.toContain("Use of an execution environment");
  expect(titles([{ ...measured(50), use }])).toContain("Use of an execution environment");
});

test("a picture has the page's colour of text, light or dark, and all of its words", () => {
  const svgs = plots([measured(50), measured(500)]).map(plotSvg);
  for (const svg of svgs) {
    expect(svg).toContain('fill="currentColor"');
    expect(svg).not.toMatch(/<text[^>]+fill=|"#(?:000|fff|ddd)"/);
  }
  expect(svgs[0]).toContain("wanted p99 (200 ms)");
});

/** Of a load up to 100. */
function markedAt(x: number): string {
  const mark = { x, label: "knee" };
  const lines = [{ label: "p50", colour: "#888", points: [[100, 1]] as const }];
  return plotSvg({ title: "t", xLabel: "x", lines, mark, format: String });
}

test("the words of a mark stand where there is room for them", () => {
  expect(markedAt(95)).toContain('text-anchor="end">knee<');
  expect(markedAt(5)).toContain('text-anchor="start">knee<');
});
