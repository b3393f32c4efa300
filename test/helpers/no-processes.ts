import { Fleet } from "../../src/local/runtime/fleet.ts";
import type { FunctionRuntime } from "../../src/local/services/lambda/lambda-context.ts";

/** Versions become active; nothing runs. */
export const noProcesses: FunctionRuntime = {
  prepare: async (_region, _snapshot, environments) =>
    new Fleet({
      environments,
      warm: 0,
      maxProcesses: 0,
      maxConcurrency: 1,
      start: () => Promise.reject(new Error("nothing runs here")),
      log: () => {},
    }),
  close: async () => {},
};
