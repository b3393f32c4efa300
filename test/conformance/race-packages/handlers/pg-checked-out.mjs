import { Pool } from "pg";
import { postgres } from "./fake-databases.mjs";

const pool = new Pool({
  host: "127.0.0.1",
  port: await postgres(),
  user: "app",
  database: "orders",
  max: 3,
});

export const handler = async (event) => {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("COMMIT");
    return { user: event.queryStringParameters.user };
  } finally {
    client.release();
  }
};
