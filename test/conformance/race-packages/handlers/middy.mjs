import { middy } from "@middy/core";
import { setTimeout as pause } from "node:timers/promises";

const session = () => ({
  before: async (request) => {
    request.internal.user = request.event.queryStringParameters.user;
  },
  after: async (request) => {
    request.response.user = request.internal.user;
  },
});

export const handler = middy()
  .use(session())
  .handler(async (event) => {
    await pause(3);
    return { path: event.rawPath };
  });
