import serverlessExpress from "@codegenie/serverless-express";
import express from "express";
import { setTimeout as pause } from "node:timers/promises";

const app = express();

app.get("/hello", async (request, response) => {
  const { user } = request.query;
  await pause(3);
  response.json({ hello: user });
});

export const handler = serverlessExpress({ app });
