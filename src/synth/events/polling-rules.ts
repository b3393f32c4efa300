import type { EventFinding } from "./event-facts.ts";

/** AT_TIMESTAMP and its time go together (Lambda API, CreateEventSourceMapping). */
export function timestampRules({
  startingPosition,
  startingTimestamp,
}: {
  readonly startingPosition: string;
  readonly startingTimestamp?: string | undefined;
}): EventFinding[] {
  const wanted = startingPosition === "AT_TIMESTAMP";
  if (wanted === (startingTimestamp !== undefined)) return [];
  return [
    {
      key: "startingTimestamp",
      value: startingTimestamp,
      message: wanted
        ? "is missing: startingPosition is AT_TIMESTAMP"
        : `means nothing unless startingPosition is AT_TIMESTAMP, and it is ${startingPosition}`,
      code: "event-starting-timestamp",
    },
  ];
}

export interface Pollers {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

export function pollerRules({ minimum, maximum }: Pollers): EventFinding[] {
  if (minimum === undefined || maximum === undefined || minimum <= maximum) return [];
  return [
    {
      key: "pollers/minimum",
      value: minimum,
      message: `must not be more than maximum, ${maximum}`,
      code: "event-pollers",
    },
  ];
}
