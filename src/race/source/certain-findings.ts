import type { Finding } from "../finding.ts";
import type { BundleCode } from "./bundle-code.ts";
import type { FunctionNode } from "./walk/value.ts";
import { isTurn } from "./walk/turns.ts";
import type { Noted, Walk } from "./walk/walk.ts";

/** Findings about single calls and writings, wherever they stand. */
export function certainFindings(code: BundleCode, walk: Walk): Finding[] {
  const seen = new Set<unknown>();
  // Who sets it back himself knows of it.
  const set = new Set([...walk.writes].map(({ location }) => location));
  return walk.noted.flatMap((noted) => {
    if (seen.has(noted.node) || set.has(`${noted.key}.lastIndex`)) return [];
    if (noted.turns?.some((turn) => isTurn(walk, turn)) === true) return [];
    seen.add(noted.node);
    const place = code.place(noted.node);
    const paused = noted.pause && code.place(noted.pause);
    return [
      {
        by: "source" as const,
        ...words(noted),
        place,
        ...(paused ? { further: [paused] } : {}),
        evidence: [
          // The place itself is told anyway.
          ...(place.text === undefined ? [] : [`${place.file}:${place.line} ${place.text}`]),
          ...(paused ? [`${paused.file}:${paused.line} awaits: other requests run here`] : []),
        ],
      },
    ];
  });
}

type Words = Pick<Finding, "kind" | "verdict" | "what" | "why" | "mend">;

function words({ kind, label, atStart }: Noted): Words {
  switch (kind) {
    case "directory":
      return {
        kind: "working-directory-write",
        verdict: "unsafe",
        what: "process.chdir() throws on Lambda Managed Instances",
        why: "Functions run in worker threads, which share the working directory and may not change it: ERR_WORKER_UNSUPPORTED_OPERATION.",
        mend: "Use absolute paths, and the option cwd for programs that are started.",
      };
    case "environment":
      return {
        kind: "environment-write",
        verdict: "unsafe",
        what: `${label} is set to a request's value while other requests run`,
        why: "process.env belongs to the whole worker: at an await another request sets it, and whatever reads it then gets that.",
        mend: "Pass the value as an argument, or give it to the client that needs it.",
      };
    case "lost-update":
      return {
        kind: "module-variable",
        verdict: "unsafe",
        what: `An update of ${label} is lost where two requests make one`,
        why: "It is read before an await and written after it: what other requests have written meanwhile is overwritten.",
        mend: "Await first, then read and write in one step; sums over requests belong into a metric or a table.",
      };
    case "pattern":
      return {
        kind: "module-variable",
        verdict: "unsafe",
        what: `${label || "A regular expression"} goes on where the last request's match ended`,
        why: "With the flag g or y it keeps lastIndex, and is made once for all requests: what matched for one request makes the next one begin in the middle of its text.",
        mend: "Leave the flag out where one match is enough, or use matchAll, match or replace, which begin at the start.",
      };
    case "signal":
      return signal(label, atStart);
    default:
      return kind satisfies never;
  }
}

function signal(label: string, atStart: boolean): Words {
  return {
    kind: "signal-handler",
    verdict: atStart ? "suspicious" : "unsafe",
    what: atStart
      ? `The listener for ${label} is never called`
      : `Every request adds a listener for ${label} that is never called`,
    why: "Functions run in worker threads, and Node delivers no signals to those: what is flushed or closed there never is.",
    mend: "Flush at the end of each request, or leave it to an extension.",
  };
}

/** What Lambda refuses before the first request; `undefined` where the handler is not the project's own function. */
export function handlerFindings(
  code: BundleCode,
  handler: FunctionNode | undefined,
  name: string,
): Finding[] {
  if (!handler || length(handler) < 3) return [];
  const place = code.place(handler);
  return [
    {
      kind: "callback-handler",
      by: "source",
      verdict: "unsafe",
      what: `${name} takes a callback: Lambda does not start it`,
      why: "A handler with three parameters fails with Runtime.CallbackHandlerDeprecated, on Node 22 with Managed Instances and on Node 24 everywhere.",
      mend: "Make it async, leave the third parameter out, and return what the callback was given.",
      place,
      evidence: [`${place.file}:${place.line} has ${length(handler)} parameters`],
    },
  ];
}

/** As `function.length` has it: parameters up to the first with a default. */
function length({ params }: FunctionNode): number {
  const first = params.findIndex(
    ({ type }) => type === "AssignmentPattern" || type === "RestElement",
  );
  return first === -1 ? params.length : first;
}
