import serverlessExpress from "@codegenie/serverless-express";
import express from "express";
import { setTimeout as pause } from "node:timers/promises";

const app = express();

// The application's locals are for all requests; a request's own are response.locals.
app.get("/hello", async (request, response) => {
  app.locals.user = request.query.user;
  await pause(3);
  response.json({ hello: app.locals.user });
});

export const handler = serverlessExpress({ app });
