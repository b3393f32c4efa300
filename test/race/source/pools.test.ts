import { expect, test } from "vitest";
import { readSource } from "../../../src/race/source/read-source.ts";

const body = "export const handler = async (event) => event;";

function pools(code: string, atOnce = 8): string[] {
  return readSource({ code, file: "index.mjs", handler: "handler", packages: [], atOnce })
    .filter(({ kind }) => kind === "small-connection-pool")
    .map(({ verdict, what }) => `${verdict}: ${what}`);
}

const hint = (has: string, atOnce = 8) => [
  `suspicious: ${has} for ${atOnce} requests that a worker takes at once`,
];

test.each([
  ["pg", 'import pg from "pg"; const pool = new pg.Pool({ max: 5 });', 5],
  ["pg", 'import { Pool } from "pg"; const pool = new Pool({ ...config, max: 2 });', 2],
  [
    "mysql2",
    'import mysql from "mysql2/promise"; const pool = mysql.createPool({ connectionLimit: 4 });',
    4,
  ],
  [
    "mysql2",
    'import { createPool } from "mysql2"; const pool = createPool("mysql://a@b/c?connectionLimit=3");',
    3,
  ],
  [
    "mongodb",
    'import { MongoClient } from "mongodb"; const c = new MongoClient("mongodb://a/", { maxPoolSize: 7 });',
    7,
  ],
  [
    "mongodb",
    'import { MongoClient } from "mongodb"; const c = new MongoClient("mongodb://a/?maxPoolSize=6");',
    6,
  ],
  [
    "knex",
    'import knex from "knex"; const db = knex({ client: "pg", pool: { min: 0, max: 4 } });',
    4,
  ],
  [
    "sequelize",
    'import { Sequelize } from "sequelize"; const db = new Sequelize("postgres://a");',
    5,
  ],
])("a small pool of %s is a hint: %s", (_name, code, connections) => {
  expect(pools(`${code}\n${body}`)).toEqual(hint(`a pool of ${connections} connections`));
});

test.each([
  'import pg from "pg"; const client = new pg.Client(); await client.connect();',
  'import { createConnection } from "mysql2/promise"; const c = await createConnection({});',
])("a connection that is made once is a hint: %s", (code) => {
  expect(pools(`${code}\n${body}`)).toEqual(hint("one connection"));
});

test("a pool that is made when the first request asks for it is one of all", () => {
  const code = `import pg from "pg"; let pool;
export const handler = async () => { pool ??= new pg.Pool({ max: 3 }); return pool.query("SELECT 1"); };`;
  expect(pools(code)).toEqual(hint("a pool of 3 connections"));
});

test("the place is not told again as evidence where the source's text is not known", () => {
  const code = `import pg from "pg"; const pool = new pg.Pool({ max: 3 });\n${body}`;
  const map = JSON.stringify({ version: 3, sources: ["src/pool.ts"], names: [], mappings: "AAAA" });
  const of = { code, file: "index.mjs", handler: "handler", packages: [], atOnce: 8 };
  const [known] = readSource(of);
  expect(known?.evidence[0]).toContain("index.mjs:1 import pg");
  const [unknown] = readSource({ ...of, map });
  expect(unknown?.place).toMatchObject({ file: "src/pool.ts", line: 1 });
  expect(unknown?.evidence.join("\n")).not.toContain("src/pool.ts");
});

test("a package's own number counts where nothing is set", () => {
  const code = `import pg from "pg"; const pool = new pg.Pool();\n${body}`;
  expect(pools(code)).toEqual([]);
  expect(pools(code, 16)).toEqual(hint("a pool of 10 connections", 16));
});

test.each([
  ["a pool with room", 'import pg from "pg"; const pool = new pg.Pool({ max: 64 });'],
  [
    "a number from elsewhere",
    'import pg from "pg"; const pool = new pg.Pool({ max: Number(process.env.MAX) });',
  ],
  [
    "a connection of the request's own",
    'import pg from "pg"; export const other = async () => { const client = new pg.Client(); await client.connect(); };',
  ],
  [
    "a class of the project",
    "class Pool { constructor(options) {} } const pool = new Pool({ max: 1 });",
  ],
  [
    "a package that is no database",
    'import { Pool } from "threads"; const pool = new Pool({ max: 1 });',
  ],
])("no hint: %s", (_name, code) => {
  expect(pools(`${code}\n${body.replace("event;", "{ await globalThis.other?.(); };")}`)).toEqual(
    [],
  );
});
