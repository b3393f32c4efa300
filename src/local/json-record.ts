import { isRecord } from "../is-record.ts";

/** What a text says that is a JSON object; undefined for any other text. */
export function jsonRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
