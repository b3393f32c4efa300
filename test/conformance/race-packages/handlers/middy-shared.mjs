import { middy } from "@middy/core";
import { setTimeout as pause } from "node:timers/promises";

// The options of the middleware are made once, and used as if they were the request's.
const session = (kept = {}) => ({
  before: async (request) => {
    kept.user = request.event.queryStringParameters.user;
    await pause(1);
  },
  after: async (request) => {
    await pause(1);
    request.response.user = kept.user;
  },
});

export const handler = middy()
  .use(session())
  .handler(async (event) => {
    await pause(3);
    return { path: event.rawPath };
  });
