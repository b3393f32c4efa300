import type { ChangeSetRecord } from "../../cloudformation/change-set-record.ts";

/** What a change set came to. */
export type Outcome = Pick<
  ChangeSetRecord,
  "deployment" | "changes" | "problems" | "status" | "statusReason" | "executionStatus"
>;

export function failed(statusReason: string) {
  return { status: "FAILED", statusReason, executionStatus: "UNAVAILABLE" } as const;
}
