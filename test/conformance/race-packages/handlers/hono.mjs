import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { setTimeout as pause } from "node:timers/promises";

const app = new Hono();

app.use(async (context, next) => {
  context.set("user", context.req.query("user"));
  await next();
});
app.get("/hello", async (context) => {
  await pause(3);
  return context.json({ hello: context.get("user") });
});

export const handler = handle(app);
