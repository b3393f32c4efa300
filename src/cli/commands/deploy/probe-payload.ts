import type { System } from "../../system.ts";
import { readPayload } from "../invoke/payload.ts";

/** The event of the first request: `true` is `{}`, `false` none, a string whatever `lmi invoke --payload` takes. */
export async function parseProbe(
  option: string | boolean,
  system: Pick<System, "cwd" | "readStdin">,
): Promise<Uint8Array | undefined> {
  if (option === false) return undefined;
  const payload = option === true ? undefined : option;
  return readPayload({ payload, async: false, flag: "--probe" }, system);
}
