import { emitKeypressEvents } from "node:readline";

import type { ScreenStreams } from "./screen.ts";

export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

export interface KeyUse {
  /** A key other than those that mean the process. */
  readonly onKey: (key: Key) => void;
  /** The process stops, as by Ctrl-Z, and later goes on: the terminal is somebody else's in between. */
  readonly onLeave: () => void;
  readonly onReturn: () => void;
}

/** Single keys, without Enter; raw, so that what signals would be comes as a key, too. */
export function listenToKeys(
  { input, interrupt, suspend }: Pick<ScreenStreams, "input" | "interrupt" | "suspend">,
  { onKey, onLeave, onReturn }: KeyUse,
): { readonly close: () => void } {
  if (!input.isTTY) return { close: () => {} };
  const pause = () => {
    input.setRawMode(false);
    onLeave();
    suspend(() => {
      input.setRawMode(true);
      onReturn();
    });
  };
  const onKeypress = (_text: string | undefined, key: Key = {}) => {
    const { name, ctrl = false } = key;
    if (ctrl && name === "c") interrupt();
    else if (ctrl && name === "z") pause();
    else onKey(key);
  };
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on("keypress", onKeypress);
  input.resume();
  return {
    close: () => {
      input.off("keypress", onKeypress);
      input.setRawMode(false);
      input.pause();
    },
  };
}
