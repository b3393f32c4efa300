import { expect, test } from "vitest";
import { type Push, PushDelivery } from "../../src/local/push-delivery.ts";
import { ServiceError } from "../../src/local/service-error.ts";
import { manualClock } from "../helpers/manual-clock.ts";
import { inProcessTarget } from "./services/in-process-target.ts";

/** A delivery to a Lambda that refuses everything, in the words of a test. */
function startDelivery(code: string) {
  const clock = manualClock();
  const logged: string[] = [];
  let attempts = 0;
  const delivery = new PushDelivery({
    ...inProcessTarget([], { clock }).target,
    log: (line) => logged.push(line),
    call: () => {
      attempts += 1;
      return Promise.reject(new ServiceError(code, "refused"));
    },
  });
  const send = (payload = "{}", more: Partial<Push> = {}) =>
    delivery.send({
      from: "The topic t",
      service: "sns",
      region: "us-east-1",
      functionArn: "arn:f",
      payload: () => payload,
      retries: 100_014,
      maxAgeMs: 23 * 86_400_000,
      ...more,
    });
  return { delivery, send, clock, logged, attempts: () => attempts };
}

test.each([
  "ResourceNotFoundException",
  "AccessDeniedException",
  "InvalidParameterValueException",
  "RequestTooLargeException",
])("%s is lost at once", async (code) => {
  const { send, clock, logged, attempts } = startDelivery(code);
  await send();
  expect(logged).toEqual([`The topic t lost an event for arn:f: ${code}: refused`]);
  await clock.advance(86_400_000);
  expect(attempts()).toBe(1);
});

test("a throttle is tried again, with pauses that double", async () => {
  const { send, clock, attempts } = startDelivery("TooManyRequestsException");
  await send();
  await clock.advance(7000);
  expect(attempts()).toBe(4);
});

test("no more wait than memory is for", async () => {
  const { send, logged, clock } = startDelivery("TooManyRequestsException");
  for (let sent = 0; sent < 1001; sent += 1) await send("{}", { retries: 1 });
  expect(logged).toEqual([expect.stringMatching(/TooManyRequests.*too many wait/)]);
  await clock.advance(60_000);
  expect(logged).toHaveLength(1001);
  logged.length = 0;
  const large = "x".repeat(16 * 1024 * 1024);
  for (let sent = 0; sent < 3; sent += 1) await send(large);
  expect(logged).toEqual([expect.stringMatching(/too many wait/)]);
});

test("nothing is tried once it closes, and what waited is told", async () => {
  const { delivery, send, logged, attempts } = startDelivery("TooManyRequestsException");
  await send();
  await delivery.close();
  await send();
  expect(attempts()).toBe(1);
  expect(logged).toEqual([
    expect.stringMatching(/lost an event .* TooManyRequests/),
    expect.stringMatching(/lost an event .* being stopped/),
  ]);
});
