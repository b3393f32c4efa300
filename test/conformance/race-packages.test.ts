import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { bundledPackages } from "../../src/race/source/bundled-packages.ts";
import { readSource } from "../../src/race/source/read-source.ts";
import { unsafeIn } from "../helpers/raced-entry.ts";

const folder = resolve(import.meta.dirname, "race-packages");

/** What a handler is accused of from its source, and why its package's own words say so. */
const handlers: readonly (readonly [name: string, found: readonly string[], because: string])[] = [
  ["express", [], "express keeps a request's data in request and response"],
  [
    "express-locals",
    ["unsafe module-variable"],
    "app.locals are the application's, response.locals the request's",
  ],
  ["hono", [], "hono makes a context for each request"],
  ["hono-variable", ["unsafe module-variable"], "the variable is the module's"],
  ["middy", [], "request.internal is made for each request"],
  [
    "middy-shared",
    ["suspicious module-variable"],
    "before and after are called by middy: the order is seen in a run",
  ],
  ["mutex", ["suspicious module-variable"], "runExclusive runs one after the other"],
  ["limit-one", ["suspicious module-variable"], "a limit of one is a lock"],
  ["limit-four", ["unsafe module-variable"], "a limit of four is none"],
  [
    "logger-before",
    ["unsafe library-version"],
    "2.34.0 fixed that the context was one for all requests",
  ],
  ["logger-after", [], "2.34.0 and 2.35.0 keep context, buffer and sampling apart"],
  ["sdk-before", ["unsafe library-version"], "3.933.0 is the first that AWS names"],
  ["sdk-after", [], "3.933.0 is the first that AWS names"],
  ["sdk-two-sockets", [], "how many sockets are enough is seen in a run"],
  ["xray-before", ["unsafe library-version"], "3.12.0 is the first that AWS names"],
  ["pg-three", ["suspicious small-connection-pool"], "a pool has max connections"],
  ["pg-checked-out", ["suspicious small-connection-pool"], "a pool has max connections"],
  ["pg-enough", [], "a pool of pg has ten connections"],
  ["pg-in-turn", [], "a pool of pg has ten connections"],
  ["mysql-two", ["suspicious small-connection-pool"], "a pool has connectionLimit connections"],
  ["mysql-one-connection", ["suspicious small-connection-pool"], "a connection is one"],
];

test.each(handlers)("the source of %s: %j, since %s", async (name, found) => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, "handlers", `${name}.mjs`)],
    absWorkingDir: folder,
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    sourcemap: "external",
    write: false,
  });
  const [map = "", code = ""] = [/\.map$/, /\.js$/].map(
    (kind) => outputFiles.find(({ path }) => kind.test(path))?.text,
  );
  const packages = await bundledPackages(map, folder);
  const findings = readSource({
    code,
    map,
    file: "index.mjs",
    handler: "handler",
    packages,
    atOnce: 8,
  });
  expect(findings.map(({ verdict, kind }) => `${verdict} ${kind}`)).toEqual(found);
  const own = findings.flatMap(({ place }) => place?.file ?? []);
  expect(own.every((file) => file === `handlers/${name}.mjs`)).toBe(true);
});

test("the versions are pinned", () => {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  for (const version of Object.values(dependencies))
    expect(version).toMatch(/(?:^|@)\d+\.\d+\.\d+$/);
});

/** What a run shows besides, for handlers whose packages decide it. */
const raced: readonly (readonly [name: string, found: readonly string[]])[] = [
  ["express", []],
  ["hono", []],
  ["hono-variable", ["foreign-marker"]],
  ["middy", []],
  ["middy-shared", ["foreign-marker"]],
  ["mutex", []],
  ["limit-one", []],
  ["limit-four", ["foreign-marker"]],
  ["logger-before", ["foreign-marker", "library-version"]],
  ["logger-after", []],
  ["sdk-after", []],
  ["sdk-two-sockets", ["small-connection-pool"]],
  ["xray-before", ["library-version"]],
  ["pg-three", ["small-connection-pool"]],
  ["pg-checked-out", ["small-connection-pool"]],
  ["pg-enough", []],
  // A limit in the code is on purpose.
  ["pg-in-turn", []],
  ["mysql-two", ["small-connection-pool"]],
  ["mysql-one-connection", ["small-connection-pool"]],
];

test.each(raced)("a run of %s: %j", async (name, found) => {
  const entry = `handlers/${name}.mjs`;
  const events = JSON.parse(readFileSync(join(folder, "events.json"), "utf8")) as unknown[];
  const variables = { QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/000000000000/orders" };
  const unsafe = await unsafeIn({ folder, entry, events, repeat: 12, variables });
  expect(unsafe.map(({ kind }) => kind)).toEqual(found);
});
