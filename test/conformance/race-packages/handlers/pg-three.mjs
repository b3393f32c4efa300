import pg from "pg";
import { postgres } from "./fake-databases.mjs";

// oxlint-disable-next-line import/no-named-as-default-member -- as its own pages write it
const { Pool } = pg;
const port = await postgres();
// Three connections for all requests of a worker.
const pool = new Pool({ host: "127.0.0.1", port, user: "app", database: "orders", max: 3 });

export const handler = async (event) => {
  const { user } = event.queryStringParameters;
  const { rowCount } = await pool.query("SELECT 1");
  return { user, rowCount };
};
