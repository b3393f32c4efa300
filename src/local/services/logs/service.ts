import type { Service, TargetContext } from "../../service.ts";
import { LiveTail, liveTailOperations } from "./live-tail.ts";
import { eventOperations } from "./log-events.ts";
import { LogEventStore } from "./log-event-store.ts";
import { groupOperations, LogGroups } from "./log-groups.ts";
import { streamOperations } from "./log-streams.ts";

/**
 * CloudWatch Logs. Other services write here as they do on AWS: CreateLogGroup, CreateLogStream (both answer
 * ResourceAlreadyExistsException when it is there), then PutLogEvents with up to 10,000 events at a time;
 * a batch is one transaction, so few large ones are cheap and many small ones are not.
 */
export function createLogsService(target: TargetContext, eventsPath = ":memory:"): Service {
  const events = new LogEventStore(eventsPath);
  const groups = new LogGroups(target);
  const tail = new LiveTail();
  return {
    name: "logs",
    operations: {
      ...groupOperations(target, groups, events),
      ...streamOperations(target, groups, events),
      ...eventOperations(target, groups, events, tail),
      ...liveTailOperations(target, groups, tail),
    },
    close: async () => events.close(),
  };
}
