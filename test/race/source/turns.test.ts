import { expect, test } from "vitest";
import { readSource } from "../../../src/race/source/read-source.ts";

/** Verdicts about `current`, which `USE` sets and reads with an await in between. */
function verdicts(code: string): string[] {
  const use = "current = event.user; await work(); return { current };";
  return readSource({
    code: `let current;\n${code.replaceAll("USE", use)}`,
    file: "index.mjs",
    handler: "handler",
    packages: [],
  })
    .filter(({ place }) => place?.text?.includes("current") === true)
    .map(({ verdict }) => verdict);
}

const lock = `
let tail = Promise.resolve();
async function lock() {
  const before = tail;
  let release;
  tail = new Promise((resolve) => { release = resolve; });
  await before;
  return release;
}`;
const handler = (body: string) => `export const handler = async (event) => {${body}};`;

test.each([
  ["async-mutex", `const m = new Mutex(); ${handler("return m.runExclusive(async () => {USE});")}`],
  ["async-mutex", `const m = new Mutex(); ${handler("await m.acquire(); USE")}`],
  ["async-mutex", `const m = new Semaphore(1); ${handler("return m.use(async () => {USE});")}`],
  ["p-limit", `const limit = pLimit(1); ${handler("return limit(async () => {USE});")}`],
  [
    "p-limit",
    `const limit = pLimit(1); const f = async (event) => {USE}; ${handler("return limit(f, event);")}`,
  ],
  [
    "p-limit",
    `const limit = pLimit({ concurrency: 1 }); ${handler("return limit(async () => {USE});")}`,
  ],
  [
    "p-queue",
    `const q = new PQueue({ concurrency: 1 }); ${handler("return q.add(async () => {USE});")}`,
  ],
  ["async-lock", `const m = new Lock(); ${handler('return m.acquire("key", async () => {USE});')}`],
  // The source cannot know how many.
  [
    "p-limit",
    `const limit = pLimit(Number(process.env.N)); ${handler("return limit(async () => {USE});")}`,
  ],
])("a lock of %s is a hint: %s", (name, code) => {
  expect(verdicts(`${imports(name)}\n${code}`)).toEqual(["suspicious"]);
});

test.each([
  [
    "async-mutex",
    `const m = new Semaphore(4); ${handler("return m.runExclusive(async () => {USE});")}`,
  ],
  ["async-mutex", handler("const m = new Mutex(); return m.runExclusive(async () => {USE});")],
  [
    "async-mutex",
    `const m = new Mutex(); ${handler("const done = await m.acquire(); done(); USE")}`,
  ],
  ["async-mutex", `const m = new Mutex(); ${handler("await m.acquire(); m.release(); USE")}`],
  ["async-mutex", `const m = new Mutex(); ${handler("m.acquire(); USE")}`],
  [
    "async-mutex",
    `const m = new Mutex(); ${handler("await m.runExclusive(async () => { current = event.user; await work(); }); return { current };")}`,
  ],
  [
    "async-mutex",
    `const m = new Mutex(); ${handler("if (event.vip) { USE } return m.runExclusive(async () => {USE});")}`,
  ],
  ["p-limit", `const limit = pLimit(4); ${handler("return limit(async () => {USE});")}`],
  ["p-queue", `const q = new PQueue(); ${handler("return q.add(async () => {USE});")}`],
  [
    "async-lock",
    `const m = new Lock(); ${handler("return m.acquire(event.user, async () => {USE});")}`,
  ],
])("what only looks like a lock of %s: %s", (name, code) => {
  expect(verdicts(`${imports(name)}\n${code}`)).toContain("unsafe");
});

function imports(name: string): string {
  return name === "async-mutex"
    ? 'import { Mutex, Semaphore } from "async-mutex";'
    : `import ${{ "p-limit": "pLimit", "p-queue": "PQueue", "async-lock": "Lock" }[name]} from "${name}";`;
}

test.each([
  [
    "given back",
    `${lock} ${handler("const release = await lock(); try { USE } finally { release(); }")}`,
  ],
  [
    "withResolvers",
    `let tail = Promise.resolve(); ${handler("const { promise, resolve } = Promise.withResolvers(); const before = tail; tail = promise; await before; try { USE } finally { resolve(); }")}`,
  ],
  [
    "a class",
    `class Mutex { tail = Promise.resolve(); run(work) { const mine = this.tail.then(work, work); this.tail = mine.then(() => {}, () => {}); return mine; } }
     const mutex = new Mutex(); ${handler("return mutex.run(async () => {USE});")}`,
  ],
  [
    "a function that waits first",
    `let tail = Promise.resolve(); ${handler("const before = tail; const mine = (async () => { await before.catch(() => {}); USE })(); tail = mine; return mine;")}`,
  ],
  [
    "waiters, of which a run shows how many go on",
    `let active = 0; const waiting = []; ${handler("if (active > 3) await new Promise((resolve) => waiting.push(resolve)); active += 1; USE")}`,
  ],
  [
    "a loop",
    `let locked; ${handler("while (locked) await pause(); locked = true; try { USE } finally { locked = false; }")}`,
  ],
])("a lock that is made by hand is a hint: %s", (_name, code) => {
  expect(verdicts(code)).toEqual(["suspicious"]);
});

test.each([
  ["given back too soon", `${lock} ${handler("const release = await lock(); release(); USE")}`],
  [
    "given back before it is read",
    `${lock} ${handler("const release = await lock(); try { current = event.user; } finally { release(); } await work(); return { current };")}`,
  ],
  [
    "waited for nothing",
    `let tail; ${handler("let done; tail = new Promise((resolve) => { done = resolve; }); USE")}`,
  ],
  [
    "replaced after waiting",
    `let tail; ${handler("await tail; tail = new Promise((resolve) => { done = resolve; }); USE")}`,
  ],
  [
    "an await before it is replaced",
    `let tail; ${handler("const before = tail; await work(); const mine = before.then(async () => {USE}); tail = mine.catch(() => {}); return mine;")}`,
  ],
  [
    "a start that all wait for",
    `let ready; ${handler("ready ??= new Promise((resolve) => open(resolve)); await ready; USE")}`,
  ],
  [
    "a start that all wait for, with if",
    `let ready; ${handler("if (!ready) ready = new Promise((resolve) => open(resolve)); await ready; USE")}`,
  ],
  [
    "something else that is waited for",
    handler("await new Promise((resolve) => setTimeout(resolve, 3)); USE"),
  ],
  [
    "an answer that comes under a key",
    `const pending = new Map(); ${handler("await new Promise((resolve) => pending.set(event.id, resolve)); USE")}`,
  ],
  [
    "two of them",
    `let a = Promise.resolve(); let b = Promise.resolve(); const f = async (event) => {USE};
     ${handler("if (event.vip) { const mine = a.then(() => f(event)); a = mine.catch(() => {}); return mine; } const mine = b.then(() => f(event)); b = mine.catch(() => {}); return mine;")}`,
  ],
  [
    "asked once, not in a loop",
    `let locked; ${handler("if (locked) await pause(); locked = true; try { USE } finally { locked = false; }")}`,
  ],
  [
    "an await after the loop",
    `let locked; ${handler("while (locked) await pause(); await pause(); locked = true; USE")}`,
  ],
])("what only looks like a lock: %s", (_name, code) => {
  expect(verdicts(code)).toContain("unsafe");
});

test.each([
  ["const release = await lock(); const n = count; await work(); count = n + 1; release();", 0],
  ["const n = count; const release = await lock(); count = n + 1; release();", 1],
])("a count that is read and written: %s", (body, found) => {
  const code = `let count = 0; ${lock} ${handler(body)}`;
  const findings = readSource({ code, file: "index.mjs", handler: "handler", packages: [] });
  expect(findings.filter(({ verdict }) => verdict === "unsafe")).toHaveLength(found);
});
