import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { setTimeout as pause } from "node:timers/promises";

const app = new Hono();
let user;

app.get("/hello", async (context) => {
  user = context.req.query("user");
  await pause(3);
  return context.json({ hello: user });
});

export const handler = handle(app);
