import { randomUUID } from "node:crypto";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { type ScheduleDocument, scheduleArn, type SchedulerStore } from "./schedule-store.ts";
import { nextTime } from "./schedule-times.ts";

/** Between attempts: doubled each time, with this much at most. AWS says "exponential backoff" and no numbers. */
const firstBackoffMs = 1000;
const longestBackoffMs = 300_000;

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
  readonly #closing = new AbortController();
  /** What waits for the next time of each schedule, ended when the schedule changes. */
  readonly #waiting = new Map<string, AbortController>();
  readonly #work = new Set<Promise<void>>();

  constructor(target: TargetContext, store: SchedulerStore) {
    this.#target = target;
    this.#store = store;
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

  async #send(due: Due): Promise<void> {
    const { clock } = this.#target;
    const { RetryPolicy } = due.schedule.Target ?? {};
    const attempts = 1 + (RetryPolicy?.MaximumRetryAttempts ?? 185);
    const until = clock.now().getTime() + 1000 * (RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400);
    const executionId = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#invoke(due, payloadOf(due, this.#call(due), { executionId, attempt }));
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        const pause = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempt - 1));
        const isLast = attempt >= attempts || clock.now().getTime() + pause > until;
        if (isLast || this.#closing.signal.aborted) return this.#lost(due, error);
        await clock.sleep(pause, this.#closing.signal);
      }
    }
  }

  async #invoke({ region, schedule }: Due, payload: string): Promise<void> {
    const { Arn = "" } = schedule.Target ?? {};
    if (!/^arn:[^:]+:lambda:/.test(Arn))
      return this.#target.log(`The schedule ${schedule.Name} calls nothing here: ${Arn}`);
    const input = { FunctionName: Arn, InvocationType: "Event", Payload: Buffer.from(payload) };
    await this.#target.call("lambda", "Invoke", input, this.#call({ region }));
  }

  #lost({ schedule, time }: Due, error: ServiceError): void {
    this.#target.log(
      `What the schedule ${schedule.Name} was to send at ${time.toISOString()} is lost: ${error.code}: ${error.message}`,
    );
  }

  #call({ region }: Pick<Due, "region">): CallContext {
    return {
      region,
      accountId: this.#target.accountId,
      requestId: randomUUID(),
      accessKeyId: "scheduler.amazonaws.com",
      signal: this.#closing.signal,
    };
  }
}

/**
 * The schedule's input with what it asks for put in (EventBridge Scheduler user guide,
 * managing-schedule-context-attributes). Without one AWS sends this event; seen in published test events.
 */
function payloadOf(
  { schedule, time }: Due,
  context: CallContext,
  { executionId, attempt }: { readonly executionId: string; readonly attempt: number },
): string {
  const arn = scheduleArn(context, schedule);
  const at = time.toISOString().replace(/\.\d+Z$/, "Z");
  const { Input } = schedule.Target ?? {};
  if (Input === undefined) {
    return JSON.stringify({
      version: "0",
      id: executionId,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: context.accountId,
      time: at,
      region: context.region,
      resources: [arn],
      detail: "{}",
    });
  }
  return Input.replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.scheduled-time>", at)
    .replaceAll("<aws.scheduler.execution-id>", executionId)
    .replaceAll("<aws.scheduler.attempt-number>", String(attempt));
}
