/** The only door to the process: environment, terminal, folders, clock, signals, streams. */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sets (or with undefined removes) variables of this process, for libraries that read nothing else. */
  readonly setEnv: (values: Readonly<Record<string, string | undefined>>) => void;
  readonly cwd: string;
  readonly home: string;
  /** What runs now; the Node binary also starts background processes. */
  readonly program: {
    readonly node: string;
    /** Of Node.js, `24.21.0`. */
    readonly version: string;
    readonly pid: number;
  };
  readonly stdinIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  /** Columns of the terminal; 80 where unknown. */
  readonly columns: number;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Reads standard input to its end. */
  readonly readStdin: () => Promise<Buffer>;
  readonly writeStdout: (bytes: Uint8Array | string) => void;
  /** Resolves once stdout's reader has taken most of what was written, or at the signal: for those who write much. */
  readonly stdoutDrained: (signal?: AbortSignal) => Promise<void>;
  readonly writeStderr: (text: string) => void;
  /**
   * Aborted by the first SIGINT or SIGTERM; the second one ends the process at once.
   * Whoever reads it has promised to react: while nobody has, the first signal already ends the process.
   */
  readonly interrupt: AbortSignal;
  readonly interruptedBy: "SIGINT" | "SIGTERM" | undefined;
  /**
   * Runs code of the user's, called `name`. What it prints goes to stderr from now on, a signal ends the process even while
   * a loop holds it, and process.exit throws. Rejects with UnendingCode where it will not end, or not within 30 s.
   */
  readonly runUserCode: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** From now on, new files of this process and its children are for their owner only. */
  readonly keepFilesPrivate: () => void;
  /** Sends a signal, 0 to ask only; false when there is no such process of ours. */
  readonly signalProcess: (pid: number, signal: "SIGTERM" | "SIGKILL" | 0) => boolean;
}
