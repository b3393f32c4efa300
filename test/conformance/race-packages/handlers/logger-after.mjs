import { setTimeout as pause } from "node:timers/promises";
import { Logger } from "logger-after";

const logger = new Logger({ serviceName: "orders" });

export const handler = async (event, context) => {
  logger.addContext(context);
  await pause(3);
  logger.info("done", { path: event.rawPath });
  return { path: event.rawPath };
};
