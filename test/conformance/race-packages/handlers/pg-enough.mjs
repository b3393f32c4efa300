import { Pool } from "pg";
import { postgres } from "./fake-databases.mjs";

const port = await postgres();
// The pool's own ten, for the eight requests that a worker takes at once.
const pool = new Pool({ host: "127.0.0.1", port, user: "app", database: "orders" });

export const handler = async (event) => {
  const { user } = event.queryStringParameters;
  const { rowCount } = await pool.query("SELECT 1");
  return { user, rowCount };
};
