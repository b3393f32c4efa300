import { createConnection } from "mysql2/promise";
import { mysql as database } from "./fake-databases.mjs";

// One connection, made once: the requests' queries follow one another.
const connection = await createConnection({
  host: "127.0.0.1",
  port: await database(),
  user: "app",
});

export const handler = async (event) => {
  const [result] = await connection.query("DO 1");
  return { user: event.queryStringParameters.user, changed: result.affectedRows };
};
