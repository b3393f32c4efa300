import { expect, test } from "vitest";
import { groupsOf, judgeAnswers, wrongAnswers } from "../../../src/race/judge/answers.ts";
import { judgeOutput } from "../../../src/race/judge/output.ts";
import type { RunFacts } from "../../../src/race/judge/run-facts.ts";
import { leafMap } from "../../../src/race/run/alone.ts";

const answer = (total: number) =>
  JSON.stringify({
    statusCode: 200,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify({ currency: "EUR", total }),
  });

/** One request, which is answered 13 instead of 12. */
const facts = {
  seed: 1,
  samples: [
    { name: "0", event: { id: "a-0001" } },
    { name: "1", event: { id: "b-0002" } },
  ],
  references: [{ text: answer(12), leaves: leafMap(answer(12)), varying: new Set() }],
  markers: [{ sample: 1, text: "b-0002", pointer: "/id" }],
  answers: [
    { number: 1, sample: 0, wave: 0, worker: 0, result: { ok: true, payload: answer(13) } },
  ],
  records: [{ type: "output", request: 1, text: "\nuser b-0002\n  asked\n" }],
  places: { ofStack: () => undefined, ofSite: () => undefined, ofVariable: () => undefined },
  ignore: [],
} as unknown as RunFacts;

test("shows of both answers what differs, however far behind it stands", () => {
  const [finding] = judgeAnswers(facts, groupsOf(facts, wrongAnswers(facts)));
  const [answered, alone] = finding?.evidence ?? [];
  expect(answered).toMatch(/answered …?.*total.*13/);
  expect(alone).toMatch(/alone it is answered …?.*total.*12/);
});

test("shows a log line as one line", () => {
  const [finding] = judgeOutput(facts);
  expect(finding?.evidence[0]).toMatch(/wrote user b-0002 asked$/);
});
