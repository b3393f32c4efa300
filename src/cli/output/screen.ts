/** How a piece of a line looks; the words say the same without it. */
export type Tone = "good" | "bad" | "notable" | "faint";

export type Span = string | { readonly text: string; readonly tone: Tone };

/** One line of a screen, from left to right. */
export type ScreenLine = readonly Span[];

export type ScreenEvent = "resize" | "leave" | "refresh" | "up" | "down";

/** A whole terminal that is drawn again and again, until it is closed and looks as before. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Lines that are too long or too many are cut. */
  draw(lines: readonly ScreenLine[]): void;
  /** What a person does; Ctrl-C comes as SIGINT, as everywhere. */
  onEvent(listener: (event: ScreenEvent) => void): void;
  close(): void;
  /** Ends the process when everything is written, although calls to AWS may hang. */
  end(): void;
}

/** What a screen needs of the process. */
export interface ScreenStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Runs when the process ends, however it ends; returns how to take that back. */
  readonly atExit: (work: () => void) => () => void;
  /** Writes at once, also while the process ends. */
  readonly writeNow: (text: string) => void;
  readonly interrupt: () => void;
  readonly end: () => void;
  /** As Ctrl-Z does; `resumed` is called when the process goes on. */
  readonly suspend: (resumed: () => void) => void;
}
