import { randomUUID } from "node:crypto";
import { type DeadLetters, PushDelivery } from "../../push-delivery.ts";
import type { TargetContext } from "../../service.ts";
import { type ScheduleDocument, scheduleArn, type SchedulerStore } from "./schedule-store.ts";
import { nextTime } from "./schedule-times.ts";
import { universalOperation } from "./universal-target.ts";

/** Within this of being made a schedule has not passed over any of its times. */
const newForMs = 1000;

interface Due {
  readonly region: string;
  readonly schedule: ScheduleDocument;
  readonly time: Date;
}

/** Lets schedules come at their times, on the target's clock. */
export class ScheduleRunner {
  readonly #target: TargetContext;
  readonly #store: SchedulerStore;
  readonly #delivery: PushDelivery;
  readonly #closing = new AbortController();
  /** What waits for the next time of each schedule, ended when the schedule changes. */
  readonly #waiting = new Map<string, AbortController>();
  readonly #work = new Set<Promise<void>>();

  constructor(target: TargetContext, store: SchedulerStore) {
    this.#target = target;
    this.#store = store;
    this.#delivery = new PushDelivery(target);
  }

  /** A schedule has come, changed or gone. */
  changed(region: string, id: string): void {
    const key = `${region} ${id}`;
    this.#waiting.get(key)?.abort();
    this.#waiting.delete(key);
    const schedule = this.#store.schedules.get(region, id);
    if (schedule?.State !== "ENABLED" || this.#closing.signal.aborted) return;
    const changes = new AbortController();
    this.#waiting.set(key, changes);
    this.#run(() => this.#keep(region, id, changes.signal));
  }

  resume(): void {
    for (const { region, id } of this.#store.schedules.entries()) this.changed(region, id);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const changes of this.#waiting.values()) changes.abort();
    await Promise.all(this.#work);
    await this.#delivery.close();
  }

  #run(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => this.#target.log(`A schedule failed: ${String(error)}`))
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }

  /** One time after the other, until the schedule changes. What passed while the target was stopped does not come. */
  async #keep(region: string, id: string, changes: AbortSignal): Promise<void> {
    const { clock, random } = this.#target;
    for (;;) {
      const schedule = this.#store.schedules.get(region, id);
      if (!schedule || changes.aborted) return;
      const time = nextTime(schedule, this.#after(schedule));
      if (!time) return this.#complete(region, id, schedule);
      const window = (schedule.FlexibleTimeWindow?.MaximumWindowInMinutes ?? 0) * 60_000;
      const wait = time.getTime() + Math.floor(random() * window) - clock.now().getTime();
      if (wait > 0) await clock.sleep(wait, changes);
      if (changes.aborted) return;
      this.#store.schedules.put(region, id, { ...schedule, lastTime: time.toISOString() });
      this.#run(() => this.#send({ region, schedule, time }));
    }
  }

  /** A new rate comes at once, which is when it was made. */
  #after({ lastTime, CreationDate }: ScheduleDocument): Date {
    const now = this.#target.clock.now().getTime();
    const made = Date.parse(CreationDate);
    if (lastTime === undefined && now - made < newForMs) return new Date(made - 1);
    return new Date(Math.max(Date.parse(lastTime ?? CreationDate), now - 1));
  }

  #complete(region: string, id: string, { ActionAfterCompletion }: ScheduleDocument): void {
    if (ActionAfterCompletion === "DELETE") this.#store.schedules.delete(region, id);
  }

  async #send({ region, schedule, time }: Due): Promise<void> {
    const { Arn: functionArn = "", RetryPolicy, DeadLetterConfig } = schedule.Target ?? {};
    const from = `The schedule ${schedule.Name}`;
    const operation = universalOperation(functionArn);
    if (!operation && !/^arn:[^:]+:lambda:/.test(functionArn))
      return this.#target.log(`${from} calls nothing here: ${functionArn}`);
    const { accountId } = this.#target;
    const executionId = randomUUID();
    const payload = (attempt: number) =>
      payloadOf({ region, schedule, time }, accountId, { executionId, attempt });
    return this.#delivery.send({
      from,
      service: "scheduler",
      region,
      functionArn,
      operation,
      payload,
      retries: RetryPolicy?.MaximumRetryAttempts ?? 185,
      maxAgeMs: 1000 * (RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400),
      deadLetters: DeadLetterConfig?.Arn
        ? { queueArn: DeadLetterConfig.Arn, body: payload(1), attributes: deadLetterAttributes }
        : undefined,
    });
  }
}

const deadLetterAttributes: DeadLetters["attributes"] = ({ code, message }, retries) => ({
  ERROR_CODE: code,
  ERROR_MESSAGE: message,
  RETRY_ATTEMPTS: String(retries),
});

/**
 * The schedule's input with what it asks for put in (EventBridge Scheduler user guide,
 * managing-schedule-context-attributes). Without one AWS sends this event; seen in published test events.
 */
function payloadOf(
  { region, schedule, time }: Due,
  accountId: string,
  { executionId, attempt }: { readonly executionId: string; readonly attempt: number },
): string {
  const arn = scheduleArn({ region, accountId }, schedule);
  const at = time.toISOString().replace(/\.\d+Z$/, "Z");
  const { Input } = schedule.Target ?? {};
  if (Input === undefined) {
    return JSON.stringify({
      version: "0",
      id: executionId,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: accountId,
      time: at,
      region,
      resources: [arn],
      detail: "{}",
    });
  }
  return Input.replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.scheduled-time>", at)
    .replaceAll("<aws.scheduler.execution-id>", executionId)
    .replaceAll("<aws.scheduler.attempt-number>", String(attempt));
}
