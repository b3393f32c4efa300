import type { FindingKind } from "../finding.ts";

/** Why it is unsafe on LMI, and the usual mend, for what is seen while running. */
const reasons: Readonly<
  Partial<Record<FindingKind, { readonly why: string; readonly mend: string }>>
> = {
  "answer-differs": {
    why: "On LMI one process serves many requests at once; what one of them leaves in shared state, another one computes with.",
    mend: "Pass the value as an argument, or keep it in AsyncLocalStorage.",
  },
  "foreign-marker": {
    why: "On LMI one process serves many requests at once; this is data of one caller in what belongs to another one.",
    mend: "Pass the value as an argument, or keep it in AsyncLocalStorage.",
  },
  "module-state": {
    why: "On LMI one process serves many requests at once; this state is shared by them, and changes at every await.",
    mend: "Pass the value as an argument, or keep it in AsyncLocalStorage; a count belongs where updates are atomic.",
  },
  "shared-file": {
    why: "On LMI all requests of an environment share one /tmp; two of them write the same file at once.",
    mend: "Put the request's id into the name (context.awsRequestId), and delete the file afterwards.",
  },
  "environment-changed": {
    why: "On LMI requests share their worker's environment variables; one request's change is what the others read.",
    mend: "Read variables once, at the start, and pass what differs by request as an argument.",
  },
  "working-directory-changed": {
    why: "On LMI handlers run in worker threads, where process.chdir() throws; the directory would be everybody's.",
    mend: "Use absolute paths, path.join(folder, file), or the cwd option of child processes.",
  },
  leak: {
    why: "On LMI an environment lives for up to 14 days and is not reset; what grows with each request ends it in time.",
    mend: "Bound it (an LRU cache, a maximum), or release it when the request ends.",
  },
  "blocked-event-loop": {
    why: "On LMI the other requests of the same worker wait for as long as one of them keeps the event loop.",
    mend: "Use the asynchronous form, do the work in pieces, or move it to a worker thread of its own.",
  },
  "unhandled-rejection": {
    why: "On LMI an unhandled rejection ends the worker thread, and with it every request that it was serving.",
    mend: "Await the promise, or give it a catch.",
  },
  "worker-exit": {
    why: "On LMI process.exit() ends the worker thread, and with it every request that it was serving.",
    mend: "Throw an error, which fails that request alone.",
  },
  "small-connection-pool": {
    why: "On LMI many requests share one client; those without a connection wait for the others, although the far side would answer.",
    mend: "Let the pool have at least as many connections as a worker takes requests at once (maxSockets of an agent, max or connectionLimit of a database's pool).",
  },
  "refused-handler": {
    why: "On LMI the runtime refuses handlers with a callback as their third parameter when it starts.",
    mend: "Write async (event, context) => …, and return the answer.",
  },
};

export const reasonOf = (kind: FindingKind) => reasons[kind] ?? { why: "", mend: "" };
