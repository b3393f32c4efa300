/** What a finding is about. The first group was seen while running, the second one read in the source. */
export type FindingKind =
  | "answer-differs"
  | "foreign-marker"
  | "module-state"
  | "shared-file"
  | "environment-changed"
  | "working-directory-changed"
  | "leak"
  | "blocked-event-loop"
  | "unhandled-rejection"
  | "worker-exit"
  | "small-connection-pool"
  | "refused-handler"
  | "module-variable"
  | "module-collection"
  | "fixed-file"
  | "environment-write"
  | "working-directory-write"
  | "callback-handler"
  | "signal-handler"
  | "library-version";

/** A place in the source, found through source maps; the file is relative to the project, line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line itself, without its indentation. */
  readonly text?: string;
}

/** One thing that is unsafe, or may be, where many requests share a process. */
export interface Finding {
  readonly kind: FindingKind;
  readonly by: "run" | "source";
  /** unsafe: proven, or certain from the source; it counts. suspicious: a hint, which does not count unless a run confirms it. */
  readonly verdict: "unsafe" | "suspicious";
  /** One sentence: what happened. */
  readonly what: string;
  /** Why that is unsafe on Lambda Managed Instances. */
  readonly why: string;
  /** The usual mend. */
  readonly mend: string;
  readonly place?: Place | undefined;
  readonly further?: readonly Place[];
  readonly evidence: readonly string[];
  /** How many there are, where it is about connections to one far side. */
  readonly connections?: number;
  /** Numbers of the requests that show it, for `--only`. */
  readonly requests?: readonly number[];
}
