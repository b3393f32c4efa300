/** The only door to the process: environment, terminal, folders, clock, signals. */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdinIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  /** Columns of the terminal; 80 where unknown. */
  readonly columns: number;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Reads standard input to its end. */
  readonly readStdin: () => Promise<Buffer>;
  /** Aborted by the first SIGINT or SIGTERM; the second one ends the process at once. */
  readonly interrupt: AbortSignal;
}
