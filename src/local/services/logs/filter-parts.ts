import type { ServiceError } from "../../service-error.ts";
import { invalidParameter } from "./logs-errors.ts";

export type Matches = (message: string) => boolean;

export function invalidPattern(detail: string): ServiceError {
  return invalidParameter(`Invalid filter pattern: ${detail}`);
}

export function compileRegex(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw invalidPattern(`%${source}% is no regular expression`);
  }
}
