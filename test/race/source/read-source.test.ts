import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { readSource } from "../../../src/race/source/read-source.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

function read(code: string, handler = "handler") {
  return readSource({ code, file: "index.mjs", handler, packages: [] }).map(
    ({ verdict, kind, place }) => `${verdict} ${kind} ${place?.line}`,
  );
}

const torn = (name: string) => `
  ${name} = event.user;
  await work();
  return ${name};`;

test("without a map, places are those of the bundle", () => {
  expect(read(`let user;\nexport const handler = async (event) => {${torn("user")}\n};`)).toEqual([
    "unsafe module-variable 3",
  ]);
});

test("code of packages in the bundle is not looked at", () => {
  const code = `
// node_modules/leaky/index.js
var current;
async function leak(event) {${torn("current")}
}

// src/handler.ts
var handler = async (event) => leak(event);
export { handler };`;
  expect(read(code)).toEqual([]);
  expect(read(code.replace("node_modules/leaky/", "src/"))).toEqual(["unsafe module-variable 5"]);
});

test.each([
  ["an object", "exports.handler = async (event) => {BODY};"],
  ["a whole module", "module.exports = { handler: async (event) => {BODY} };"],
  [
    "a module that esbuild wrapped",
    `var require_a = __commonJS({ "src/a.cjs"(exports) { exports.handler = async (event) => {BODY}; } });
     module.exports = require_a();`,
  ],
])("a handler that CommonJS exports: %s", (_name, code) => {
  expect(read(`let user;\n${code.replace("BODY", torn("user"))}`)).toHaveLength(1);
});

test("a CommonJS file of the project is followed in what esbuild makes of it", async () => {
  const folder = await temporaryFolder();
  const state =
    "let user;\nexports.set = (name) => {\n  user = name;\n};\nexports.get = () => user;";
  await writeFile(join(folder, "state.cjs"), state);
  const contents = `import { set, get } from "./state.cjs";
export const handler = async (event) => { set(event.user); await work(); return get(); };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    format: "esm",
    write: false,
  });
  const found = read(outputFiles[0]?.text ?? "");
  expect(found).toEqual([expect.stringContaining("unsafe module-variable")]);
});

test("a handler is found under a path", () => {
  const code = `let user;\nexport const api = { async get(event) {${torn("user")}} };`;
  expect(read(code, "api.get")).toHaveLength(1);
});

test("functions that a package is given are answers to requests, too", () => {
  const code = `
import express from "express";
import serverless from "@codegenie/serverless-express";
const app = express();
let user;
app.get("/", async (event, response) => {${torn("user")}});
export const handler = serverless({ app });`;
  expect(read(code)).toEqual(["unsafe module-variable 7"]);
});

test("what timers and listeners of the module do is no request's", () => {
  expect(
    read(`
let config;
setInterval(async () => { config = await load(); await work(); use(config); }, 60_000);
process.on("warning", async (warning) => { config = warning; await work(); use(config); });
export const handler = async () => config;`),
  ).toEqual([]);
});

test.each([
  ["an if", "if (event.last) current = event; else other(); await work(); return current;", 1],
  [
    "before it, a return",
    "current = event; if (event.x) return 1; await work(); return current;",
    1,
  ],
  ["a loop", "for (const x of event.list) { use(current); current = x; await work(x); }", 1],
  ["a finally", "try { current = event; await work(); } finally { use(current); }", 1],
  ["a callback", "current = event; return work().then(() => current.id);", 1],
  ["destructuring", "({ id: current } = event); await work(); return current;", 1],
  [
    "a loop of Promise.all",
    "current = event; await Promise.all(event.list.map(async (x) => work(x))); return current;",
    1,
  ],
  [
    "written again after the await",
    "current = event; await work(); current = event; return current;",
    0,
  ],
  [
    "only one of two ways",
    "if (event.x) { current = event; return 1; } await work(); return current;",
    0,
  ],
  ["another function that nobody waits for", "current = event; void own(); return current;", 0],
  ["no await", "current = event; const text = current.id; await work(); return text;", 0],
  ["the function's own name", "current = context.functionName; await work(); return current;", 0],
  ["the request's id", "current = context.awsRequestId; await work(); return current;", 1],
])("ways to an await: %s", (_name, body, count) => {
  const code = `let current;\nasync function own() { await work(); }
export const handler = async (event, context) => { ${body} };`;
  expect(read(code).filter((finding) => finding.startsWith("unsafe"))).toHaveLength(count);
});

test("three parameters are refused, two with a default one are not", () => {
  expect(read("export const handler = (event, context, callback) => {};")).toEqual([
    "unsafe callback-handler 1",
  ]);
  expect(read("export const handler = async (event, context, more = {}) => {};")).toEqual([]);
  // Its first function is the wrapper's, which takes what it likes.
  expect(
    read(
      "export const handler = awslambda.streamifyResponse(async (event, stream, context) => {});",
    ),
  ).toEqual([]);
});

test("a signal's listener is a hint where it is added once", () => {
  expect(read(`process.on("SIGTERM", () => {});\nexport const handler = async () => {};`)).toEqual([
    "suspicious signal-handler 1",
  ]);
});

test.each([
  ["test", "return word.test(event.text);", 1],
  ["exec, for one match", "return word.exec(event.text)?.[0];", 1],
  ["a loop to the end", "let n = 0; while (word.exec(event.text)) n += 1; return n;", 0],
  ["set back", "word.lastIndex = 0; return word.test(event.text);", 0],
  ["matchAll", "return [...event.text.matchAll(word)].length;", 0],
  ["made in the handler", "const own = /a/g; return own.test(event.text);", 0],
])("a regular expression with the flag g: %s", (_name, body, count) => {
  const code = `const word = /\\w+/g;\nexport const handler = async (event) => { ${body} };`;
  expect(read(code)).toHaveLength(count);
  expect(read(code.replaceAll("/g", "/"))).toEqual([]);
});

test.each([
  ["in its turn", "current = event.user; await work(); return current;", "", "suspicious"],
  ["when its turn is over", "current = event.user;", "await work(); return current;", "unsafe"],
])("what requests queue up for, and read %s", (_when, inTurn, afterwards, verdict) => {
  const code = `
let current;
let last = Promise.resolve();
export const handler = async (event) => {
  const mine = last.then(async () => { ${inTurn} });
  last = mine.catch(() => undefined);
  await mine;
  ${afterwards}
};`;
  expect(read(code)).toContain(`${verdict} module-variable 5`);
});

test("a promise that others wait for, too, is no queue", () => {
  const code = `
let current;
let ready = open();
export const handler = async (event) => {
  ready ??= open();
  return ready.then(async () => { current = event.user; await work(); return current; });
};`;
  expect(read(code)).toContain("unsafe module-variable 6");
});
