import { duration } from "./duration.ts";
import { fit, textWidth } from "./wrap.ts";

/** One step as people see it: label, what is known of it, how long so far, how long it usually takes. */
export interface StepLine {
  readonly label: string;
  readonly progress: string;
  readonly milliseconds: number;
  /** Only while it runs. */
  readonly usually?: string | undefined;
}

const labelWidth = 16;
const progressWidth = 44;
/** `  ✓ ` before it. */
const signWidth = 4;

/** `network          VPC, subnet, NAT gateway       1:48`: what stands behind the sign; it never wraps. */
export function stepLine({ label, progress, milliseconds, usually }: StepLine): string {
  const usual = usually === undefined ? "" : `  usually ${usually}`;
  const time = `  ${duration(milliseconds)}${usual}`;
  const start = `${label.padEnd(labelWidth)} `;
  const room = Math.max(0, textWidth - signWidth - start.length - time.length);
  return start + fit(progress, room).padEnd(Math.min(room, progressWidth)) + time;
}
