import { ttlMinutes } from "./ttl.ts";

/** What the schema checks by a function, by name: so that src/synth/shape can check the same without zod. */
export const refinements = {
  timeToLive: (text: string) => ttlMinutes(text) !== undefined,
  /** A name of the IANA time zone database. */
  timeZone: (name: string) => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
    } catch {
      return false;
    }
  },
  /** A pattern as JSON may have 4096 characters (Lambda API, Filter; EventBridge API, PutRule). */
  eventPattern: (pattern: object) => JSON.stringify(pattern).length <= 4096,
  something: (own: object) => Object.values(own).some((value) => value !== undefined),
};

export type Refinement = keyof typeof refinements;
