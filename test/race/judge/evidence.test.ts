import { expect, test } from "vitest";
import { groupsOf, judgeAnswers, wrongAnswers } from "../../../src/race/judge/answers.ts";
import { judgeRun } from "../../../src/race/judge/judge.ts";
import { judgeOutput, sentGroups } from "../../../src/race/judge/output.ts";
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
  const [finding] = judgeOutput(facts, sentGroups(facts));
  expect(finding?.evidence[0]).toMatch(/wrote user b-0002 asked$/);
});

test("tells of a file what is logged and sent by it, and of state that was read besides nothing", () => {
  const write = { type: "file-write", path: "/tmp/a", startedAt: 1 };
  const read = { type: "cross-read", name: "tail", variable: 1, reader: 1, writer: 2, agoMs: 1 };
  const ofFile = {
    ...facts,
    references: [{ ...facts.references[0], records: [] }],
    answers: [
      { ...facts.answers[0], result: { ok: true, payload: '{"user":"b-0002"}' } },
      { number: 2, sample: 1, wave: 0, worker: 0, result: undefined },
    ],
    records: [
      ...facts.records,
      { type: "call", request: 1, method: "GET", url: "https://a.example/b-0002", sent: "" },
      { ...write, request: 1, content: "one" },
      { ...write, request: 2, content: "other" },
      // It had written the same: nothing of it shows.
      { ...read, readSite: 1, writeSite: 2, value: "{}", own: "{}" },
    ],
  } as unknown as RunFacts;
  const found = judgeRun(ofFile, wrongAnswers(ofFile));
  expect(found.map(({ kind }) => kind)).toEqual(["shared-file"]);
  expect(found[0]?.evidence.slice(3)).toEqual([
    "1 of 2 answers are wrong by it",
    expect.stringMatching(/^request 1 .* answered .*b-0002/),
    "also in log lines of 1 request: request 1 wrote user b-0002 asked",
    "also in outgoing calls of 1 request: request 1 wrote GET https://a.example/b-0002",
  ]);
  // Who writes no file has it from elsewhere.
  const others = { ...ofFile, records: ofFile.records.filter(({ type }) => type !== "file-write") };
  expect(judgeRun(others, wrongAnswers(others)).map(({ kind }) => kind)).not.toContain(
    "shared-file",
  );
  expect(judgeRun(others, wrongAnswers(others)).length).toBeGreaterThan(1);
});
