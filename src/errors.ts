/** Exit codes of the command line; the table is part of the contract (README, "Exit codes"). */
export const ExitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  partial: 3,
  declined: 4,
  credentials: 5,
  timeout: 124,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface FailureDetails {
  /** Why it happened, in one or more lines; the message itself says what happened. */
  readonly why?: string;
  /** The one command to run next, or the one thing to do. */
  readonly next?: string;
  readonly exitCode?: ExitCode;
  /** More facts for JSON output; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A stable error code, `LMI_…`; documented in docs/troubleshooting.md. */
export type ErrorCode = `LMI_${string}`;

/** A failure that the user can act on. Anything else that reaches `main` is a bug in lmi. */
export class LmiError extends Error {
  readonly code: ErrorCode;
  readonly why: string | undefined;
  readonly next: string | undefined;
  readonly exitCode: ExitCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details: FailureDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "LmiError";
    this.code = code;
    this.why = details.why;
    this.next = details.next;
    this.exitCode = details.exitCode ?? ExitCode.failure;
    this.details = details.details;
  }
}
