import limitTo from "p-limit";
import { Pool } from "pg";
import { postgres } from "./fake-databases.mjs";

const port = await postgres();
const pool = new Pool({ host: "127.0.0.1", port, user: "app", database: "orders" });
// The code lets three through on purpose: the pool has room.
const limit = limitTo(3);

export const handler = async (event) => {
  const { user } = event.queryStringParameters;
  const { rowCount } = await limit(() => pool.query("SELECT 1"));
  return { user, rowCount };
};
