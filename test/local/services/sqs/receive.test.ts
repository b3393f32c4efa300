import { expect, test } from "vitest";
import { QueueStore } from "../../../../src/local/services/sqs/queue-store.ts";
import { receive } from "../../../../src/local/services/sqs/receive.ts";
import { createSqsService } from "../../../../src/local/services/sqs/service.ts";
import { manualClock } from "../../../helpers/manual-clock.ts";
import { inProcessTarget } from "../in-process-target.ts";

/** A queue, and a store on the same state that the test asks itself. */
async function start(messages: number) {
  const clock = manualClock();
  const { target, caller, ...local } = inProcessTarget([createSqsService], { clock });
  await local.call("sqs", "CreateQueue", { QueueName: "q" });
  const store = new QueueStore(target);
  const at = clock.now().getTime();
  for (let sequence = 1; sequence <= messages; sequence += 1) {
    const message = {
      queue: "q",
      sequence,
      messageId: String(sequence),
      body: "m",
      attributes: {},
    };
    const hidden = { senderId: "s", sentAt: at, visibleAt: at + 1000 * sequence, receives: 1 };
    store.putMessage({ ...message, ...hidden }, caller);
  }
  return { clock, caller, store };
}

const wish = { most: 10, waitMs: 20_000, visibilityMs: undefined };

test("who goes away while waiting is given nothing, and the message stays for others", async () => {
  const { clock, caller, store } = await start(1);
  const gone = new AbortController();
  const waiting = receive(store, "q", wish, { ...caller, signal: gone.signal });
  await clock.advance(999);
  // In the same moment in which the message is visible again.
  const late = clock.advance(1);
  gone.abort();
  await late;
  expect(await waiting).toEqual([]);
  expect(store.message("q", 1, caller)?.receives).toBe(1);
  expect(await receive(store, "q", wish, { ...caller, signal: gone.signal })).toEqual([]);
  expect(await receive(store, "q", wish, caller)).toHaveLength(1);
});

test("a queue of very many hidden messages waits for the first of them", async () => {
  const { clock, caller, store } = await start(150_000);
  const waiting = receive(store, "q", wish, caller);
  await clock.advance(1000);
  expect(await waiting).toEqual([expect.objectContaining({ sequence: 1 })]);
});
