import type { FoundLogGroup } from "../../src/deploy/found-log-groups.ts";

/** One in no stack, as `destroy --keep-logs` leaves it. */
export const foundLogGroup = (change: Partial<FoundLogGroup> = {}): FoundLogGroup => ({
  logicalId: "Logs",
  name: "/logs",
  owner: undefined,
  retentionInDays: 7,
  kmsKeyId: undefined,
  logGroupClass: "STANDARD",
  tags: {},
  ...change,
});
