import { expect } from "vitest";
import type { FaultClient } from "../../../src/cli/local/fault-client.ts";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import type { Machine, Running } from "../../e2e/lmi.ts";

const codes = { SIGINT: 130, SIGTERM: 143 } as const;
export type Signal = keyof typeof codes;
export const both = Object.keys(codes) as Signal[];

/** Where the commands run. */
export interface Ground {
  readonly machine: Machine;
  readonly cwd: string;
  readonly faults: FaultClient;
}

/** What holds a command in a stage: a request that is not answered, or what it has written. */
export type Held = (Pick<FaultRule, "service" | "operation"> & { readonly once?: RegExp }) | RegExp;

export interface Interruption {
  readonly words: readonly string[];
  readonly held: Held;
  readonly signal: Signal;
}

/** @returns what it said, on one line, and the command that it advises */
export async function interrupted({ words, held, signal }: Interruption, ground: Ground) {
  const name = `${words.join(" ")}, ${JSON.stringify(held instanceof RegExp ? held.source : held)}`;
  const command = await startedAndHeld(words, held, ground);
  command.kill(signal);
  const { code, stderr, stdout } = await command.finished;
  expect(code, `${name}: ${stderr}`).toBe(codes[signal]);
  expect(stderr, name).not.toMatch(/\n\s+at .*s:\d+:\d+/);
  return { told: stderr.replaceAll(/\s+/g, " "), stderr, stdout, name };
}

async function startedAndHeld(
  words: readonly string[],
  held: Held,
  ground: Ground,
): Promise<Running> {
  const { machine, cwd, faults } = ground;
  if (held instanceof RegExp) {
    const command = machine.start(words, { cwd });
    await command.shows(held);
    return command;
  }
  const { once, ...request } = held;
  if (once !== undefined) return startedAndSlow(words, request, once, ground);
  const { id } = await faults.add({ fault: "slow", delayMs: 600_000, times: 1, ...request });
  const command = machine.start(words, { cwd });
  let ended = "";
  void command.finished.then(({ stderr }) => (ended = `ended: ${stderr}`));
  const struck = async () => (await faults.list()).some((rule) => rule.id === id && rule.hits > 0);
  await expect.poll(async () => ended || (await struck()), { timeout: 60_000 }).toBe(true);
  return command;
}

/** Of a request that other stages make as well: all of them are so slow that the stage lasts. */
async function startedAndSlow(
  words: readonly string[],
  request: Partial<FaultRule>,
  once: RegExp,
  { machine, cwd, faults }: Ground,
): Promise<Running> {
  await faults.add({ fault: "slow", delayMs: 3000, ...request });
  const command = machine.start(words, { cwd });
  await command.shows(once);
  void command.finished.then(() => faults.clear());
  return command;
}

/** Says that it was interrupted, what goes on, and what to type. */
export async function saysSo(
  interruption: Interruption,
  says: RegExp,
  ground: Ground,
): Promise<string> {
  const { told, stderr, name } = await interrupted(interruption, ground);
  expect(told, name).toContain("✗ Interrupted. ");
  expect(told, name).toContain("LMI_INTERRUPTED");
  expect(told, name).toMatch(says);
  return adviceIn(stderr);
}

function adviceIn(stderr: string): string {
  const [, advice] = /^ {2}(lmi [^\n]*?)(?: {3}[^\n]*)?\n {2}LMI_/m.exec(stderr) ?? [];
  expect(advice, stderr).toBeDefined();
  expect(advice).toContain("--local");
  return advice ?? "";
}
