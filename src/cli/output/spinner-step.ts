import { duration } from "./duration.ts";
import type { Palette } from "./palette.ts";
import type { StepHandle } from "./reporter.ts";
import type { Terminal } from "./streams.ts";

/** One step with a spinner on a terminal; the clock behind it ticks every second. */
export async function spinnerStep<T>(
  label: string,
  work: (step: StepHandle) => Promise<T>,
  terminal: Terminal,
  palette: Palette,
): Promise<T> {
  const { default: ora } = await import("ora");
  const started = terminal.now().getTime();
  let progress = "";
  const text = () => {
    const elapsed = duration(terminal.now().getTime() - started);
    return `${label.padEnd(17)} ${progress.padEnd(36)} ${elapsed}`;
  };
  // discardStdin would swallow what a person types for the next prompt, and Ctrl-C with it.
  const spinner = ora({ text: text(), indent: 2, discardStdin: false }).start();
  const timer = setInterval(() => (spinner.text = text()), 1000);
  try {
    const value = await work({
      progress: (now) => {
        progress = now;
        spinner.text = text();
      },
    });
    spinner.stopAndPersist({ symbol: palette.good("✓"), text: text() });
    return value;
  } catch (error) {
    spinner.stopAndPersist({ symbol: palette.bad("✗"), text: text() });
    throw error;
  } finally {
    clearInterval(timer);
  }
}
