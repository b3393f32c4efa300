import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { race } from "./raced.ts";

const project = (event: unknown, body: string) => ({
  "events/all.json": JSON.stringify([event]),
  "src/handler.ts": `
import { setTimeout as sleep } from "node:timers/promises";
let last = "";
export const handler = async (event: any) => {
${body}
};`,
});

const leaks = `last = event.customer; await sleep(1); return { statusCode: 200, customer: last };`;

test("a lone event is raced against altered copies of it, and the report says what they are", async () => {
  const { error, findings, reporter, cwd } = await race(
    project({ customer: "c-1701", amount: 12 }, leaks),
  );
  expect(error).toMatchObject({
    code: "LMI_RACE_FOUND",
    details: { requests: 24, copies: { altered: ["/customer"], otherwise: false } },
  });
  expect(findings).toMatchObject([
    { kind: "foreign-marker", what: "A request's customer appears in another request's answer" },
  ]);
  const said =
    "The altered copies differ from events/all.json[0] at /customer: events of your own show more.";
  expect(reporter.said).toContain(`info ${said}`);
  expect(reporter.said[0]).toContain("1 event and 2 altered copies × 8");
  const page = await readFile(join(cwd, ".lmi", "race-7311.html"), "utf8");
  expect(page).toContain("1 event and 2 altered copies");
  expect(page).toContain("differ from events/all.json[0] at /customer");
});

test("the report is its owner's only, also where one was there that others may read", async () => {
  const { cwd } = await race({
    ...project({ customer: "c-1701" }, leaks),
    ".lmi/race-7311.html": "of another run",
  });
  const file = join(cwd, ".lmi", "race-7311.html");
  expect(await readFile(file, "utf8")).toContain("c-1701");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("what the function refuses to have altered stays as it is", async () => {
  const event = { shape: "round", plan: "gold", customer: "c-1701" };
  const known = `
  if (event.shape !== "round") throw new Error("unknown shape");
  if (event.plan !== "gold") return { statusCode: 400, reason: "plan" };`;
  const { error, findings } = await race(project(event, `${known}\n${leaks}`));
  expect(error?.details).toMatchObject({ copies: { altered: ["/customer"], otherwise: false } });
  expect(findings).toMatchObject([{ kind: "foreign-marker" }]);
});

test.each([
  ["ends the worker", `void Promise.reject(new Error("no " + event.plan)); await sleep(5000);`],
  ["takes all the time there is", "await sleep(60_000);"],
])(
  "a text that %s when it is altered stays, and the others are altered",
  async (_what, trouble) => {
    const event = { plan: "gold", customer: "c-1701" };
    const { error, findings } = await race({
      ...project(event, `if (event.plan !== "gold") { ${trouble} }\n${leaks}`),
      "lmi.json": JSON.stringify({
        name: "hello",
        functions: { api: { concurrency: 8, timeout: 2 } },
      }),
    });
    expect(error?.details).toMatchObject({ copies: { altered: ["/customer"], otherwise: false } });
    expect(findings).toMatchObject([{ kind: "foreign-marker" }]);
  },
);

test("a function that answers copies otherwise is not accused of it", async () => {
  const found = `await sleep(1); const is = event.customer === "c-1701";
  return is ? { statusCode: 200, customer: event.customer } : { statusCode: 404 };`;
  const { error, reporter } = await race(project({ customer: "c-1701" }, found));
  expect(error).toBeUndefined();
  expect(reporter.results).toMatchObject([{ copies: { altered: ["/customer"], otherwise: true } }]);
  expect(reporter.said.join("\n")).toContain("and are answered otherwise");
});

test("copies that the function fails with are not sent, and it is said that events are alike", async () => {
  const strict = `if (event.customer !== "c-1701") throw new Error("unknown");\nreturn event;`;
  const { error, reporter } = await race(project({ customer: "c-1701" }, strict));
  expect(error).toBeUndefined();
  expect(reporter.results).toMatchObject([{ copies: { altered: [] }, failedAlone: [] }]);
  expect(reporter.said.join("\n")).toContain(
    "warn The function fails with altered copies of events/all.json[0]: requests cannot be told apart",
  );
});

test("a lone event that fails is told once", async () => {
  const failing = `throw new Error("no " + event.customer);`;
  const { error } = await race(project({ customer: "c-1701" }, failing));
  expect(error).toMatchObject({ code: "LMI_RACE_NOT_POSSIBLE" });
  expect(error?.why).toBe("Event events/all.json[0] fails alone: Error: no c-1701");
});

test.each([
  ["nothing in it can be altered", { amount: 12 }, {}],
  ["calls leave this machine", { customer: "c-1701" }, { network: true }],
])("warns that requests cannot be told apart where %s", async (_what, event, given) => {
  const { error, reporter } = await race(project(event, "return event;"), given);
  expect(error).toBeUndefined();
  expect(reporter.said.join("\n")).toContain("warn With one event alone, requests cannot be told");
  expect(reporter.results).toMatchObject([{ requests: 8 }]);
});
