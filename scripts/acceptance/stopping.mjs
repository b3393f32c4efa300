// Ctrl-C: the first ends the scenario and cleans up, the second ends the cleaning and tells what is left to do.

export class Interrupted extends Error {}

/** `byHand` gives the lines that tell how to clean up; called when somebody does not want to wait for it. */
export function createStop({ byHand, exit, say }) {
  const scenario = new AbortController();
  let children = [];
  let signals = 0;
  const signalled = (signal) => {
    signals += 1;
    if (signals === 1) {
      say(
        `\n${signal}: stopping, then cleaning up. Once more ends at once and leaves things behind.`,
      );
      scenario.abort(new Interrupted(signal));
      for (const child of children) child.kill("SIGINT");
      return;
    }
    for (const child of children) child.kill("SIGKILL");
    say(["\nNot everything was cleaned up. By hand:", ...byHand()].join("\n"));
    exit(signal === "SIGTERM" ? 143 : 130);
  };
  return {
    signal: scenario.signal,
    signalled,
    check: () => scenario.signal.throwIfAborted(),
    /** Known as long as it runs, so that signals reach it. */
    adopt: (child) => {
      children.push(child);
      child.on("close", () => {
        children = children.filter((other) => other !== child);
      });
    },
  };
}
