import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { LmiError } from "../../../errors.ts";
import type { OwnCall } from "./own-calls.ts";

interface Configuration {
  readonly State?: string;
  readonly StateReason?: string;
  readonly LastUpdateStatus?: string;
  readonly LastUpdateStatusReason?: string;
  readonly LastUpdateStatusReasonCode?: string;
  readonly CodeSha256?: string;
}

export interface CodeRequest {
  readonly functionName: string;
  /** A .zip. */
  readonly assetPath: string;
}

interface Surroundings {
  readonly call: OwnCall;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Milliseconds between two looks at a version of this very process. */
const lookEvery = 3;

/**
 * Brings code into service beside the code before, which ends once its requests have. Fails with LMI_DEV_INIT_FAILED
 * where it does not start; what served before goes on then.
 * @returns whether it was other code than what served
 */
export async function bringCode(
  { functionName, assetPath }: CodeRequest,
  { call, sleep }: Surroundings,
): Promise<boolean> {
  const bytes = await readFile(assetPath);
  const published = { FunctionName: functionName, Qualifier: "$LATEST.PUBLISHED" };
  const look = () => call<Configuration>("lambda", "GetFunctionConfiguration", published);
  const before = await look();
  const isSame = before.CodeSha256 === createHash("sha256").update(bytes).digest("base64");
  if (isSame && before.LastUpdateStatus !== "Failed") return false;
  await call("lambda", "UpdateFunctionCode", {
    FunctionName: functionName,
    ZipFile: bytes,
    PublishTo: "LATEST_PUBLISHED",
  });
  for (;;) {
    const now = await look();
    if (now.LastUpdateStatus === "Failed")
      throw initFailed(functionName, now.LastUpdateStatusReason, now.LastUpdateStatusReasonCode);
    if (now.State === "Active" && now.LastUpdateStatus === "Successful") return true;
    // Work of this very process
    await sleep(lookEvery);
  }
}

export function initFailed(functionName: string, why = "", reasonCode?: string): LmiError {
  return new LmiError("LMI_DEV_INIT_FAILED", `${functionName} does not start with this code.`, {
    why,
    next: "Mend it and save: it is tried again.",
    details: { functionName, reasonCode },
  });
}
