import type { FindingKind } from "../finding.ts";
import type { Write } from "./walk/flow.ts";

export interface StateWords {
  readonly kind: FindingKind;
  readonly what: (label: string) => string;
  readonly maybe: (label: string) => string;
  readonly why: string;
  readonly mend: string;
}

const variable: StateWords = {
  kind: "module-variable",
  what: (label) => `${label} holds a request's value while other requests run`,
  maybe: (label) => `${label} outlives the request that sets it`,
  why: "Requests that share a worker share what is outside the handler. At an await another request runs, sets it to its own value, and the first one goes on with that.",
  mend: "Keep it in the handler and pass it on, or put it into an AsyncLocalStorage.",
};

const collection: StateWords = {
  kind: "module-collection",
  what: (label) => `${label} mixes what several requests put there`,
  maybe: (label) => `${label} collects what requests put there`,
  why: "It is made once for all requests of a worker, and stays from one to the next.",
  mend: "Make it in the handler; where it is a cache, read it by key alone.",
};

const file: StateWords = {
  kind: "fixed-file",
  what: (label) => `${label} is written and read by every request under the same name`,
  maybe: (label) => `${label} has the same name for every request`,
  why: "/tmp belongs to all requests and all workers of an environment: two write the same file at the same moment, and each reads whatever is there.",
  mend: "Put the request's id, or crypto.randomUUID(), into the name and delete the file afterwards; what is downloaded once is written under such a name and then renamed.",
};

const environment: StateWords = {
  kind: "environment-write",
  what: (label) => `${label} is set to a request's value while other requests run`,
  maybe: (label) => `${label} is set while requests are answered`,
  why: "process.env belongs to the whole worker: at an await another request sets it, and whatever reads it then gets that.",
  mend: "Pass the value as an argument, or give it to the client that needs it.",
};

export function wordsOf(location: string, { form }: Write): StateWords {
  if (location.startsWith("file:")) return file;
  if (location.startsWith("env:")) return environment;
  return form === "added" || form === "keyed" ? collection : variable;
}
