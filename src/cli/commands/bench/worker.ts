import { parentPort, workerData } from "node:worker_threads";

import { openSender, type SenderRequest } from "../../../aws/invocation-sender.ts";
import { generateLoad } from "../../../bench/load/generate.ts";
import type { ToWorker } from "./generator.ts";

// One thread of `lmi bench --workers`: a sender with connections of its own, and one load after the other.
const sender = openSender(workerData as SenderRequest);
let stopping = new AbortController();

parentPort?.on("message", (message: ToWorker) => {
  if (message.type === "renew") sender.renew(message.credentials);
  else if (message.type === "stop") stopping.abort();
  else {
    stopping = new AbortController();
    void generateLoad(message.spec, sender, stopping.signal).then((result) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread's port, which knows no origins.
      parentPort?.postMessage(result);
    });
  }
});
