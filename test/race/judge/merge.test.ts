import { expect, test } from "vitest";
import type { Finding } from "../../../src/race/finding.ts";
import { merged } from "../../../src/race/judge/merge.ts";

const place = { file: "src/a.ts", line: 3, column: 5 };
const run: Finding = {
  kind: "foreign-marker",
  by: "run",
  verdict: "unsafe",
  what: "seen",
  why: "",
  mend: "",
  place,
  evidence: ["request 1"],
  requests: [1, 2],
};
const hint: Finding = {
  ...run,
  kind: "module-variable",
  by: "source",
  verdict: "suspicious",
  what: "kept",
  evidence: [],
};

test("tells what source and run say of one place once, with both evidences", () => {
  expect(merged([run], [hint])).toEqual([
    { ...run, evidence: ["request 1", "in the source, src/a.ts:3: kept"] },
  ]);
});

test("keeps a hint that no run shows, behind what is certain", () => {
  const elsewhere = { ...hint, place: { ...place, line: 9 } };
  expect(merged([run], [elsewhere])).toEqual([run, elsewhere]);
});

test("finds the place of what a run saw in the only thing of its kind", () => {
  const placeless = { ...run, place: undefined };
  expect(merged([placeless], [hint])).toMatchObject([{ by: "run", place }]);
  const two = [hint, { ...hint, place: { ...place, line: 9 } }];
  expect(merged([placeless], two)).toHaveLength(3);
});

test("tells a pool that a run showed with the one of the same size in the source", () => {
  const pool = { kind: "small-connection-pool" as const };
  const shown = { ...run, ...pool, connections: 3 };
  const small = { ...hint, ...pool, connections: 3 };
  const other = { ...small, connections: 2, place: { ...place, line: 9 } };
  expect(merged([shown], [small, other])).toEqual([
    { ...shown, evidence: ["request 1", "in the source, src/a.ts:3: kept"] },
    other,
  ]);
  // An HTTP agent is none of them.
  expect(merged([{ ...run, ...pool, place: undefined }], [small])).toHaveLength(2);
});
