import mysql from "mysql2/promise";
import { mysql as database } from "./fake-databases.mjs";

const port = await database();
const pool = mysql.createPool({ host: "127.0.0.1", port, user: "app", connectionLimit: 2 });

export const handler = async (event) => {
  const [result] = await pool.query("DO 1");
  return { user: event.queryStringParameters.user, changed: result.affectedRows };
};
