import { expect, test } from "vitest";
import { reportHtml } from "../../../src/race/report/report-html.ts";

const place = { file: "src/a.ts", line: 3, column: 5, text: "let current: Map<string, Order>;" };

test("shows findings with their requests as bars, and runs nothing of what they hold", () => {
  const page = reportHtml({
    headline: "src/a.ts · 2 events × 8",
    repeat: () => "lmi race --seed 7 --only 1,2",
    findings: [
      {
        kind: "foreign-marker",
        by: "run",
        verdict: "unsafe",
        what: "A request's <script>alert(1)</script> appears",
        why: "why",
        mend: "mend",
        place,
        evidence: ['request 1 {"a":"<b>"}'],
        timeline: [
          {
            request: 1,
            event: '{"a":1}',
            shows: true,
            from: 0,
            to: 4,
            held: [{ from: 1, to: 3, place }],
          },
          { request: 5, event: '{"a":2}', shows: false, from: 0.5, to: 2, held: [] },
        ],
      },
    ],
  });
  expect(page).not.toContain("<script");
  expect(page).toContain("1 finding");
  expect(page).toContain("let current: Map&lt;string, Order&gt;;");
  expect(page).toContain("waits at src/a.ts:3");
  expect(page.match(/text-anchor="[a-z]+">[\d.]+ ms/g)?.at(-1)).toMatch(/^text-anchor="end">/);
  expect(page.match(/<rect/g)).toHaveLength(3);
  expect(page).toContain("lmi race --seed 7 --only 1,2");
});
