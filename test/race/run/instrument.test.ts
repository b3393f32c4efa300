import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { instrument } from "../../../src/race/run/instrument/instrument.ts";

/** The calls of instrumented code, as they do without a request: nothing but what the code would do. */
const quiet = {
  a: (value: unknown) => value,
  t: (value: unknown) => value,
  r: () => undefined,
  w: (_id: number, _site: number, value: unknown) => value,
  s: (value: unknown) => value,
  pr: (target: Record<string, unknown>, key: string) => target[key],
  pn: (_target: object, _key: string, value: unknown) => value,
  pw: (_target: object, _key: string, value: unknown) => value,
  c: (
    target: Record<string, (...args: unknown[]) => unknown>,
    method: string,
    _site: number,
    _name: string,
    ...args: unknown[]
  ) => target[method]?.(...args),
};

const run = (source: string) =>
  runInNewContext(`${source}\nmain()`, { __lmi_race: quiet }) as Promise<unknown>;

async function both(code: string): Promise<{ plain: unknown; watched: unknown }> {
  const { code: watched } = await instrument({ code, format: "cjs", isOwn: () => true });
  return {
    plain: JSON.stringify(await run(code)),
    watched: JSON.stringify(await run(watched)),
  };
}

test.each([
  [
    "const __commonJS = (m) => Object.values(m)[0]; const load = __commonJS({ 'a.js'(e) { var n = 1; e.next = () => (n += 1); } }); function main() { const e = {}; load(e); return [e.next(), e.next()]; }",
  ],
  ["let n = 0; async function main() { n += await (1, 2); n++; ++n; n ||= 9; n **= 2; return n; }"],
  [
    "let a, b; function main() { ({ a, x: b } = { a: 1, x: 2 }); [a, b] = [b, a]; return { a, b }; }",
  ],
  [
    "let u; function main() { u = { v: { w: 3 } }; return [u?.v.w, u.v?.w, (u).v.w, typeof u, `${u.v.w}`]; }",
  ],
  [
    "const s = { n: 1 }; async function main() { s.n += await (s.n, 5); s['k'] = (1, 2); delete s.n; return s; }",
  ],
  [
    "const m = new Map(); function main() { (m).set('a', [1]); m.get('a').push(...[2, 3]); return [...m.values()].map((x) => x.length); }",
  ],
  [
    "class C { #p = 1; static q = 2; async set(x) { this.#p = await x; return this.#p + C.q; } } async function main() { return await new C().set(4); }",
  ],
  [
    "async function* g() { yield 1; yield 2; } let t = 0; async function main() { for await (const x of g()) { t += x; } return t; }",
  ],
  [
    "let c; function main() { c ??= { list: [1] }; const { list: [d], ...rest } = c; [c.list, c.z] = [[d], 2]; return { c, rest }; }",
  ],
  [
    "async function main() { return (await Promise.all([1, 2].map(async (x) => await x))).then?.(1) ?? Promise.resolve(3).then((x) => ({ x })); }",
  ],
  [
    "let k = 'a'; function main() { const o = { k, f() { return k; } }; k = 'b'; return [o, o.f(), 'k' in o, (() => k)()]; }",
  ],
])("changes nothing of what code does: %s", async (code) => {
  const { plain, watched } = await both(code);
  expect(watched).toBe(plain);
});

test("holds awaits of functions only, and watches variables that functions assign", async () => {
  const { code, names } = await instrument({
    code: "let seen; let fixed = 1; const top = await 1; export async function f(x) { seen = x; await fixed; }",
    format: "esm",
    isOwn: () => true,
  });
  expect(code).toContain("const top = await 1;");
  expect(code).toContain("await __lmi_race.a( fixed,");
  expect(Object.values(names)).toEqual(["seen"]);
});

test("watches the state of CommonJS modules in a bundle", async () => {
  const { names } = await instrument({
    code: 'var require_a = __commonJS({ "a.js"(exports) { var last; exports.f = (x) => { last = x; }; } });',
    format: "esm",
    isOwn: () => true,
  });
  expect(Object.values(names)).toEqual(["last"]);
});
