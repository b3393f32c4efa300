import type { Deps } from "../../deps.ts";
import { pinLine, type PinnedLine } from "../../output/pinned-line.ts";
import { listenToKeys } from "../../output/terminal-keys.ts";
import { wantsColour } from "../../output/wants-colour.ts";
import type { DevOptions } from "../dev.ts";
import { type ActivityReading, activityText } from "./activity.ts";

/** The line at the top of a terminal that says how requests are doing. */
export interface ActivityLine {
  /** Something has changed. */
  readonly changed: () => void;
  readonly close: () => void;
}

/** Milliseconds between two looks at most, which is as fast as anybody reads. */
const redrawAfter = 100;
/** While requests run, the slowest of them becomes slower by itself. */
const lookEvery = 1000;

export interface LineRequest {
  readonly project: string;
  readonly read: () => ActivityReading;
}

/** Shows what is read, no more often than is of use. */
export function activityLine(
  line: Pick<PinnedLine, "set" | "close">,
  { project, read }: LineRequest,
): ActivityLine {
  let timer: NodeJS.Timeout | undefined;
  let isSoon = false;
  const draw = () => {
    isSoon = false;
    const reading = read();
    line.set(` lmi dev  ${project} · ${activityText(reading)}`);
    if (reading.inFlight > 0) wait(lookEvery);
  };
  const wait = (milliseconds: number) => {
    timer = setTimeout(draw, milliseconds);
    timer.unref();
  };
  draw();
  return {
    changed: () => {
      if (isSoon) return;
      isSoon = true;
      clearTimeout(timer);
      wait(redrawAfter);
    },
    close: () => {
      clearTimeout(timer);
      line.close();
    },
  };
}

export type OpenLine = (
  options: Pick<DevOptions, "color">,
  system: Deps["system"],
) => Promise<PinnedLine>;

/** Takes the process's terminal: what anybody writes from now on scrolls below the line, until it is closed. */
export const liveLine: OpenLine = async ({ color }, system) => {
  const [{ screenStreams, tapTerminal }, palettes] = await Promise.all([
    import("../../live-system.ts"),
    import("../../output/palette.ts"),
  ]);
  const streams = screenStreams();
  const { output } = streams;
  const isColoured = wantsColour(color, system, system.stdoutIsTerminal);
  const inverse = isColoured ? await palettes.inverse() : palettes.plainPalette.good;
  const size = () => ({ columns: output.columns || 80, rows: output.rows || 24 });
  const tap = tapTerminal();
  const line = pinLine({ size, write: tap.write }, (text) =>
    inverse(text.padEnd(size().columns - 1)),
  );
  tap.to(line.write);
  output.on("resize", line.resized);
  const forget = streams.atExit(() => streams.writeNow("\n"));
  const keys = listenToKeys(streams, {
    // As a terminal shows Enter: people set lines apart with it.
    onKey: ({ name }) => void (name === "return" && line.write("\n")),
    onLeave: line.close,
    onReturn: line.resized,
  });
  return {
    ...line,
    close: () => {
      output.off("resize", line.resized);
      keys.close();
      forget();
      line.close();
      tap.end();
    },
  };
};

/** Whether there is a terminal that such a line can stand on. */
export function hasLine(
  { json }: Pick<DevOptions, "json">,
  { env, stdoutIsTerminal, stderrIsTerminal }: Deps["system"],
): boolean {
  return !json && stdoutIsTerminal && stderrIsTerminal && env["TERM"] !== "dumb" && !env["CI"];
}
