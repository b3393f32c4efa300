/** Why code of the user's did not come to an end. */
export class UnendingCode extends Error {
  readonly reason: "idle" | "late";

  /** `idle`: nothing is left that could wake it; `late`: it took longer than it may. */
  constructor(reason: "idle" | "late") {
    super(reason);
    this.name = "UnendingCode";
    this.reason = reason;
  }
}

/** process.exit was called where only lmi ends the process. */
export class ForbiddenExit extends Error {
  constructor(code: number | string | null | undefined) {
    super(`process.exit(${code ?? ""}) was called`);
    this.name = "ForbiddenExit";
  }
}

/** Seconds that lmi.config.ts, or its stack function, may take. */
export const MOST_SECONDS = 30;
