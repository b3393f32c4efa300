/** What became of one request. */
export interface Outcome {
  readonly kind:
    | "answered"
    /** 429, and the reason that the service gives. */
    | "throttled"
    /** The function ran and failed. */
    | "function-error"
    /** The service refused, or failed. */
    | "refused"
    /** No answer came: connection broken, time up. */
    | "unreachable"
    /** This machine could not send it. */
    | "not-sent"
    /** The load was over before an answer came. */
    | "cut-off";
  /** The reason or the error, as the service or Node calls it; empty for what was answered. */
  readonly name: string;
}

export const answered: Outcome = { kind: "answered", name: "" };

/** How requests go out. One sender is one thread's; it opens as many connections as requests are under way. */
export interface Sender {
  /** How many different events there are; they take turns. */
  readonly events: number;
  /**
   * Sends one event, at once. Calls back once, whatever becomes of it, and never throws. A callback, since a promise for
   * each of tens of thousands of requests a second would cost more than the request.
   */
  send(event: number, done: (outcome: Outcome) => void): void;
  /** Ends what is still unanswered as cut-off, and its connections. Others stay open for the next load. */
  abandon(): Promise<void>;
  close(): Promise<void>;
}
