import { type Check, failure, ok, type Patient, skipped, type Verdict, warning } from "../check.ts";
import { span } from "../span.ts";

/** Signatures of another time are refused (AWS General Reference, "Signature Version 4": five minutes). */
const refusedMs = 5 * 60_000;
/** The Date header counts whole seconds, and an answer takes its time. */
const notableMs = 30_000;

export const clockCheck: Check = { name: "clock", run };

async function run({ aws, system }: Patient): Promise<Verdict> {
  const answer = await aws.serverClock.read();
  if (answer === undefined) return skipped("not known: the answer has no Date header");
  // In the middle of the exchange, and of the second that the header stands for.
  const skew = system.now().getTime() - answer.took / 2 - (answer.time.getTime() + 500);
  const off = Math.abs(skew);
  const way = skew > 0 ? "ahead of" : "behind";
  if (off < notableMs) return ok(`within ${Math.max(1, Math.ceil(off / 1000))} s of AWS's`);
  const evidence = `this machine is ${span(off)} ${way} AWS`;
  const mend =
    "Set the clock, by NTP: timedatectl set-ntp true (Linux), sntp -sS time.apple.com (macOS)";
  return off < refusedMs
    ? warning(`${evidence}; from 5 min on AWS refuses signatures`, mend)
    : failure(`${evidence}, which refuses signatures that are 5 min off`, mend);
}
