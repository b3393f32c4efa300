import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";

import { Machine } from "../../e2e/lmi.ts";
import { seededRandom } from "../../helpers/seeded-random.ts";
import { type Clients, clientsOf } from "./clients.ts";
import { prepare, type Register, registersOf, shownAs } from "./registers.ts";

// Acknowledged means durable: a client changes something of every service at once, the target is killed in the midst
// of it, and after a restart everything that was acknowledged is there. LMI_KILLS and LMI_KILL_SEED repeat a run.
const kills = Number(process.env["LMI_KILLS"] ?? 30);
const seed = Number(process.env["LMI_KILL_SEED"] ?? Date.now() % 1_000_000);
const longestRoundMs = 1200;

/** What the target may hold: one value, or two while the last change was not acknowledged. */
interface Known {
  readonly register: Register;
  held: (string | undefined)[];
}

test(`${kills} times kill -9: nothing acknowledged is lost (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const machine = await Machine.create();
  onTestFinished(() => machine.dispose());
  const up = async () => {
    const started = await machine.lmi(["local", "up", "--json"]);
    expect(started.code, started.stderr).toBe(0);
    return JSON.parse(started.stdout) as { pid: number; endpoint: string; stateDir: string };
  };
  let target = await up();
  const vpcId = await prepare(clientsOf(target.endpoint));
  const all: Known[] = registersOf(vpcId).map((register) => ({ register, held: [undefined] }));
  const counts = { acknowledged: 0, interrupted: 0 };
  for (let round = 0; round < kills; round += 1) {
    const clients = clientsOf(target.endpoint);
    const stop = new AbortController();
    const working = all.map((known) => change(known, clients, random, stop.signal, counts));
    await new Promise((resolve) => setTimeout(resolve, random() * longestRoundMs));
    process.kill(target.pid, "SIGKILL");
    stop.abort();
    for (const worker of await Promise.allSettled(working))
      if (worker.status === "rejected") throw worker.reason;
    target = await up();
    await Promise.all(all.map((known) => verify(known, clientsOf(target.endpoint), round)));
  }
  // oxlint-disable-next-line no-console -- the counts are what this proof is read for
  console.log(
    `durability, seed ${seed}: ${kills} kills, ${counts.acknowledged} changes acknowledged, ${counts.interrupted} interrupted`,
  );
  expect(counts.acknowledged).toBeGreaterThan(kills);
  const log = await readFile(join(target.stateDir, "target.log"), "utf8");
  expect(log).not.toMatch(/internal failure|broke:/);
});

/** One change after the other until the target is gone. */
async function change(
  known: Known,
  clients: Clients,
  random: () => number,
  signal: AbortSignal,
  counts: { acknowledged: number; interrupted: number },
): Promise<void> {
  const { register } = known;
  while (!signal.aborted) {
    const [before] = known.held;
    const takesAway = before !== undefined && register.unset !== undefined && random() < 0.3;
    const value = takesAway ? undefined : `value ${Math.floor(random() * 1e9)}`;
    const after = value === undefined ? undefined : shownAs(register.name, value);
    known.held = [before, after];
    try {
      await (value === undefined
        ? register.unset?.(clients)
        : register.set(clients, value, before));
      // What goes on after the answer must come to an end before the next change is allowed.
      known.held = [after];
      counts.acknowledged += 1;
      expect(await register.read(clients), register.name).toBe(after);
    } catch (error) {
      if (!signal.aborted && !isGone(error)) throw error;
      counts.interrupted += 1;
      return;
    }
  }
}

async function verify(known: Known, clients: Clients, round: number): Promise<void> {
  const { register, held } = known;
  const found = await register.read(clients);
  expect(held, `${register.name} after kill ${round} (seed ${seed})`).toContain(found);
  known.held = [found];
}

function isGone(error: unknown): boolean {
  return /ECONNRE|EPIPE|socket hang up|aborted|TimeoutError/.test(
    `${(error as Error).name} ${(error as Error).message} ${(error as NodeJS.ErrnoException).code}`,
  );
}
