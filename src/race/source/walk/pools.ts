import type { AnyNode } from "acorn";
import type { Value } from "./value.ts";
import type { Walk } from "./walk.ts";

/** Connections to a database that are made once for all requests of a worker. */
export interface Pool {
  readonly node: AnyNode;
  readonly connections: number;
  /** What says how many; undefined where it is one connection and no pool. */
  readonly option?: string;
  /** The source does not say it: it is the package's own number. */
  readonly usual: boolean;
}

interface KnownPool {
  /** Of the function or class, which begins with the package. */
  readonly name: RegExp;
  readonly option?: string;
  /** How many there are where the option is left out. */
  readonly usual: number;
  /** An option without which it is another call. */
  readonly needs?: string;
}

/** From the packages' own pages. */
const knownPools: readonly KnownPool[] = [
  // https://node-postgres.com/apis/pool
  { name: /^new pg(?:-pool)?\b.*\bPool\d*$/, option: "max", usual: 10 },
  { name: /^new pg\b.*\bClient\d*$/, usual: 1 },
  // https://sidorares.github.io/node-mysql2/docs/examples/connections/create-pool, https://github.com/mysqljs/mysql#pool-options
  { name: /^mysql2?\b.*\.createPool\d*$/, option: "connectionLimit", usual: 10 },
  { name: /^mysql2?\b.*\.createConnection\d*$/, usual: 1 },
  // https://mariadb.com/docs/connectors/mariadb-connector-nodejs
  { name: /^mariadb\b.*\.createPool\d*$/, option: "connectionLimit", usual: 10 },
  // https://www.mongodb.com/docs/drivers/node/current/connect/connection-options/connection-pools/
  { name: /^new mongodb\b.*\bMongoClient\d*$/, option: "maxPoolSize", usual: 100 },
  // https://knexjs.org/guide/#pool
  { name: /^knex\b/, option: "pool.max", usual: 10, needs: "client" },
  // https://sequelize.org/docs/v6/other-topics/connection-pool/
  { name: /^new sequelize\b.*\bSequelize\d*$/, option: "pool.max", usual: 5 },
];

/** Keeps a pool that outlives its request. */
export function notePool(walk: Walk, name: string, args: readonly Value[], node: AnyNode): void {
  if (!walk.atStart && !walk.guarded) return;
  const known = knownPools.find((each) => each.name.test(name));
  if (!known || walk.pools.some((pool) => pool.node === node)) return;
  if (known.needs !== undefined && !optionOf(args, known.needs)) return;
  const { option, usual } = known;
  const given = option === undefined ? undefined : optionOf(args, option);
  const connections = given ? Number(given.text) : usual;
  // What comes from elsewhere is not known here.
  if (!Number.isInteger(connections)) return;
  walk.pools.push({ node, connections, usual: !given, ...(option ? { option } : {}) });
}

/** `pool.max` in an argument, or in a URL. */
function optionOf(args: readonly Value[], path: string): Value | undefined {
  const names = path.split(".");
  for (const arg of args) {
    let value: Value | undefined = arg;
    for (const name of names)
      value = value?.things.map(({ properties }) => properties.get(name)).find(Boolean);
    if (value) return value;
    const text = new RegExp(`[?&]${names.at(-1)}=(\\d+)`).exec(arg.text ?? "")?.[1];
    if (text !== undefined) return { ...arg, text };
  }
  return undefined;
}
