import { expect, test } from "vitest";

import { renderFindings } from "../../../../src/cli/commands/race/render-findings.ts";
import type { Finding } from "../../../../src/race/finding.ts";

test("shows 20 findings, and says how many there are besides", () => {
  const finding: Finding = {
    kind: "leak",
    by: "run",
    verdict: "unsafe",
    what: "grows",
    why: "why",
    mend: "mend",
    evidence: [],
  };
  const all = Array.from({ length: 23 }, () => finding);
  const lines = renderFindings(all, 80);
  expect(lines.filter((line) => line.startsWith("✗"))).toHaveLength(20);
  expect(lines.at(-1)).toBe("and 3 more, in the report and with --json");
  expect(renderFindings(all.slice(0, 20), 80).join("\n")).not.toContain("more");
});
