import { setFlagsFromString } from "node:v8";
import type { ServiceError } from "../../service-error.ts";
import { invalidParameter } from "./logs-errors.ts";

export type Matches = (message: string) => boolean;

export function invalidPattern(detail: string): ServiceError {
  return invalidParameter(`Invalid filter pattern: ${detail}`);
}

// Expressions come from outside: one that backtracks without end is given to V8's engine whose time is linear. That
// one knows no groups that look around or refer back; these filters have none.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

/**
 * Letters, digits, these symbols and operators, and no parentheses
 * (CloudWatch Logs user guide, "Supported regular expressions (regex) syntax").
 */
const allowed = /^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.]+$/;

export function compileRegex(source: string): RegExp {
  if (!allowed.test(source))
    throw invalidPattern(`%${source}% has characters that regular expressions here may not have`);
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern(`%${source}% is no regular expression`);
  }
}
