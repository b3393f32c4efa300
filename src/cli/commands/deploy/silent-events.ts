import type { Settings } from "../../../synth/settings.ts";

type EventType = Settings["functions"][string]["events"][number]["type"];

/** What calls a function on AWS and not on the local target, which keeps these sources as records only. */
const silent: Partial<Record<EventType, string>> = {
  sqs: "SQS queues",
  dynamodb: "DynamoDB streams",
  kinesis: "Kinesis streams",
  msk: "MSK clusters",
  kafka: "Kafka clusters",
};

/** A warning for each function with event sources that are silent here. */
export function silentEvents({ functions }: Settings): string[] {
  return Object.entries(functions).flatMap(([name, { events }]) => {
    const found = new Set(events.flatMap(({ type }) => silent[type] ?? []));
    if (found.size === 0) return [];
    return [
      `The local target keeps ${[...found].join(", ")} of ${name} as records: nothing calls the function from there. lmi invoke --local --payload <event> does.`,
    ];
  });
}
