import type { Service, TargetContext } from "../../service.ts";
import { groupOperations } from "./group-operations.ts";
import { scheduleOperations } from "./schedule-operations.ts";
import { ScheduleRunner } from "./schedule-runner.ts";
import { openSchedulerStore } from "./schedule-store.ts";

/** EventBridge Scheduler, whose schedules call functions, and operations of other services. */
export function createSchedulerService(target: TargetContext): Service {
  const store = openSchedulerStore(target);
  const runner = new ScheduleRunner(target, store);
  const changed = (region: string, id: string) => runner.changed(region, id);
  return {
    name: "scheduler",
    operations: {
      ...scheduleOperations(target, store, changed),
      ...groupOperations(target, store, changed),
    },
    resume: async () => runner.resume(),
    close: () => runner.close(),
  };
}
