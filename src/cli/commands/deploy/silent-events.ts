import type { Settings } from "../../../synth/settings.ts";

type Event = Settings["functions"][string]["events"][number];

/** What calls a function on AWS and not on the local target, which keeps these sources as records only. */
const silent: Partial<Record<Event["type"], string>> = {
  dynamodb: "DynamoDB streams",
  kinesis: "Kinesis streams",
  msk: "MSK clusters",
  kafka: "Kafka clusters",
};

/** Messages come from queues of the local target alone: those that lmi makes, or others of its account. */
function silentKind(event: Event): string[] {
  if (event.type !== "sqs") return [silent[event.type] ?? []].flat();
  const isHere = event.arn === undefined || event.arn.split(":")[4] === "000000000000";
  return isHere ? [] : ["SQS queues of AWS"];
}

/** A warning for each function with event sources that are silent here. */
export function silentEvents({ functions }: Settings): string[] {
  return Object.entries(functions).flatMap(([name, { events }]) => {
    const found = new Set(events.flatMap(silentKind));
    if (found.size === 0) return [];
    return [
      `The local target keeps ${[...found].join(", ")} of ${name} as records: nothing calls the function from there. lmi invoke --local --payload <event> does.`,
    ];
  });
}
