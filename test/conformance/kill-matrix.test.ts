import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { DescribeStacksCommand, CloudFormationClient } from "@aws-sdk/client-cloudformation";
import {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import {
  LambdaClient,
  ListCapacityProvidersCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";

import { type Finished, Machine } from "../e2e/lmi.ts";
import { seededRandom } from "../helpers/seeded-random.ts";

// `kill -9` at random moments of a first deploy, of an update and of a destroy; the same command again must bring
// about what was wanted, and nothing may be left over. LMI_KILLS and LMI_KILL_SEED repeat a run.
const kills = Number(process.env["LMI_KILLS"] ?? 50);
const seed = Number(process.env["LMI_KILL_SEED"] ?? Date.now() % 1_000_000);
// Three at a time keep two processors busy.
const lanes = Number(process.env["LMI_KILL_LANES"] ?? 3);

type Victim = "target" | "command";
type Moment = "first deploy" | "update" | "destroy";
const moments: readonly Moment[] = ["first deploy", "update", "destroy"];

interface Cell {
  readonly victim: Victim;
  readonly moment: Moment;
  readonly killedAt: number;
  /** What the killed command, or the command whose target was killed, came to. */
  readonly outcome: "killed" | "failed" | "done";
}

test(`kill -9 at ${kills} moments of each: running again converges (seed ${seed})`, async () => {
  const cells: Cell[] = [];
  const plan = Array.from({ length: kills * 2 }, (_, index): Victim =>
    index % 2 === 0 ? "target" : "command",
  );
  const began = Date.now();
  // All of them end, so that one that fails leaves no processes of the others.
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, (_, lane) =>
      runLane(
        plan.filter((_victim, index) => index % lanes === lane),
        seededRandom(seed + lane),
        cells,
      ),
    ),
  );
  // oxlint-disable-next-line no-console -- the counts are what this proof is read for
  console.log(
    `kill matrix, seed ${seed}, ${Math.round((Date.now() - began) / 1000)} s\n${countsOf(cells)}`,
  );
  for (const lane of ended) if (lane.status === "rejected") throw lane.reason;
  expect(cells).toHaveLength(kills * 2 * moments.length);
  expect(tooQuiet(cells)).toEqual([]);
});

/** A kill that interrupts nothing proves nothing: of each kind at least a third must, unless a run has but a few. */
function tooQuiet(cells: readonly Cell[]): string[] {
  const kinds = Map.groupBy(cells, ({ victim, moment }) => `${victim} killed during ${moment}`);
  return [...kinds].flatMap(([kind, own]) => {
    const interrupted = own.filter(({ outcome }) => outcome !== "done").length;
    const isQuiet = own.length >= 15 && interrupted * 3 < own.length;
    return isQuiet ? [`${kind}: ${interrupted} of ${own.length} interrupted it`] : [];
  });
}

function countsOf(cells: readonly Cell[]): string {
  return (["target", "command"] as const)
    .flatMap((victim) =>
      moments.map((moment) => {
        const own = cells.filter((cell) => cell.victim === victim && cell.moment === moment);
        const outcomes = (["killed", "failed", "done"] as const)
          .map((outcome) => `${own.filter((cell) => cell.outcome === outcome).length} ${outcome}`)
          .join(", ");
        return `${victim} killed during ${moment}: ${own.length} (${outcomes})`;
      }),
    )
    .join("\n");
}

/** One machine goes through deploy, update and destroy for every victim of its part of the plan. */
async function runLane(
  victims: readonly Victim[],
  random: () => number,
  cells: Cell[],
): Promise<void> {
  const lane = await Lane.create(random);
  try {
    await lane.warmUp();
    for (const victim of victims) {
      for (const moment of moments) cells.push(await lane.killAndRepeat(victim, moment));
    }
    await lane.leavesNothing();
  } finally {
    await lane.end();
  }
}

class Lane {
  readonly #machine: Machine;
  readonly #random: () => number;
  /** How long each takes undisturbed, at the last time that it was. */
  readonly #usual = new Map<Moment, number>();
  #greeting = 0;

  private constructor(machine: Machine, random: () => number) {
    this.#machine = machine;
    this.#random = random;
  }

  static async create(random: () => number): Promise<Lane> {
    const machine = await Machine.create();
    const lane = new Lane(machine, random);
    await mkdir(join(machine.home, "tmp"));
    await mkdir(join(lane.project, "code"), { recursive: true });
    await writeFile(
      join(lane.project, "code", "index.mjs"),
      "export const handler = async () => process.env.GREETING;\n",
    );
    return lane;
  }

  /** Measures how long everything takes, twice: the first time starts the target and bootstraps. */
  async warmUp(): Promise<void> {
    for (const moment of [...moments, ...moments]) {
      const started = performance.now();
      await this.#prepare(moment);
      await this.#succeeds(moment);
      this.#usual.set(moment, performance.now() - started);
    }
  }

  get project(): string {
    return join(this.#machine.home, "p");
  }

  get state(): string {
    return join(this.#machine.home, "local-state");
  }

  async killAndRepeat(victim: Victim, moment: Moment): Promise<Cell> {
    await this.#prepare(moment);
    const usual = this.#usual.get(moment) ?? 1000;
    const killedAt = Math.round(this.#random() * usual);
    const started = performance.now();
    const command = this.#start(moment);
    let took = Number.POSITIVE_INFINITY;
    void command.finished.then(() => (took = performance.now() - started));
    await new Promise((resolve) => setTimeout(resolve, killedAt));
    if (victim === "command") command.kill("SIGKILL");
    else await this.#killTarget();
    const first = await command.finished;
    // The machine may have become faster since it was measured.
    if (took < killedAt) this.#usual.set(moment, took);
    const again = await this.#start(moment).finished;
    const context = `${victim} killed ${killedAt} ms into ${moment} (seed ${seed})`;
    expect(again.code, `${context}\n${textOf(first)}\n--- again:\n${textOf(again)}`).toBe(0);
    if (moment === "destroy") await this.#expectNothingLeft(context);
    else await this.#expectAnswer(context);
    const outcome = first.signal !== null ? "killed" : first.code === 0 ? "done" : "failed";
    return { victim, moment, killedAt, outcome };
  }

  /** Of the whole lane: no process, no folder in the temporary folder, nothing unfinished in the state. */
  async leavesNothing(): Promise<void> {
    const pid = await this.#targetPid();
    await this.#lmi(["local", "down"]);
    await expect.poll(() => this.#processes(), { timeout: 10_000 }).toEqual([]);
    expect(pid).toBeTypeOf("number");
    // Node's own cache of compiled code stays on purpose: it belongs to no command.
    const left = await readdir(join(this.#machine.home, "tmp"));
    expect(left.filter((name) => name !== "node-compile-cache")).toEqual([]);
    expect(await readdir(join(this.state, "lambda", "tmp"))).toEqual([]);
    const names = await readdir(this.state, { recursive: true });
    expect(names.filter((name) => /partial|lock|\.[0-9a-f]{8}-/.test(name))).toEqual([]);
  }

  async end(): Promise<void> {
    await this.#lmi(["local", "reset", "--yes"]);
    await this.#machine.dispose([]);
  }

  async #prepare(moment: Moment): Promise<void> {
    if (moment === "destroy") return;
    this.#greeting += 1;
    const entry = { entry: "code", minEnvironments: 1, maxEnvironments: 1 };
    const environment = { GREETING: `hello ${this.#greeting}` };
    const settings = { name: "k", functions: { k: { ...entry, environment } } };
    await writeFile(join(this.project, "lmi.json"), JSON.stringify(settings));
  }

  async #succeeds(moment: Moment): Promise<void> {
    const finished = await this.#start(moment).finished;
    expect(finished.code, textOf(finished)).toBe(0);
  }

  #start(moment: Moment) {
    const verb = moment === "destroy" ? "destroy" : "deploy";
    return this.#machine.start([verb, "--local", "--yes"], this.#options());
  }

  #lmi(args: readonly string[]): Promise<Finished> {
    return this.#machine.lmi(args, this.#options());
  }

  #options() {
    const env = { TMPDIR: join(this.#machine.home, "tmp"), LMI_LOCAL_STATE: this.state };
    return { cwd: this.project, env };
  }

  async #target(): Promise<{ readonly pid: number; readonly endpoint: string } | undefined> {
    const file = join(this.state, "target.json");
    return existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : undefined;
  }

  async #targetPid(): Promise<number | undefined> {
    return (await this.#target())?.pid;
  }

  async #killTarget(): Promise<void> {
    const pid = await this.#targetPid();
    if (pid === undefined) return;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // The one before was killed and no new one runs yet.
    }
  }

  async #expectAnswer(context: string): Promise<void> {
    const answer = await this.#lmi(["invoke", "--local", "--payload", "1"]);
    expect(answer.code, `${context}\n${textOf(answer)}`).toBe(0);
    expect(answer.stdout, context).toContain(`hello ${this.#greeting}`);
    // The target, and one environment of one version.
    await expect
      .poll(async () => (await this.#processes()).length, { timeout: 10_000, message: context })
      .toBe(2);
  }

  async #expectNothingLeft(context: string): Promise<void> {
    const target = await this.#target();
    expect(target, context).toBeDefined();
    expect(await whatIsThere(target?.endpoint ?? ""), context).toEqual([]);
    await expect
      .poll(async () => (await this.#processes()).length, { timeout: 10_000, message: context })
      .toBe(1);
  }

  /** Processes of this machine's home, wherever they hang by now. */
  async #processes(): Promise<number[]> {
    if (process.platform !== "linux") return [];
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const ours = await Promise.all(
      pids.map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
        return environment.includes(this.#machine.home) ? [Number(pid)] : [];
      }),
    );
    return ours.flat();
  }
}

function textOf({ code, signal, stderr, stdout }: Finished): string {
  return `exit ${code} ${signal ?? ""}\n${stderr}${stdout}`;
}

/** Everything in the account that the bootstrap stack did not make. */
async function whatIsThere(endpoint: string): Promise<string[]> {
  const settings = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
  };
  const cloudformation = new CloudFormationClient(settings);
  const lambda = new LambdaClient(settings);
  const ec2 = new EC2Client(settings);
  const iam = new IAMClient(settings);
  try {
    const [stacks, functions, providers, vpcs, nats, instances, roles] = await Promise.all([
      cloudformation.send(new DescribeStacksCommand({})),
      lambda.send(new ListFunctionsCommand({})),
      lambda.send(new ListCapacityProvidersCommand({})),
      ec2.send(new DescribeVpcsCommand({})),
      ec2.send(new DescribeNatGatewaysCommand({})),
      ec2.send(new DescribeInstancesCommand({})),
      iam.send(new ListRolesCommand({})),
    ]);
    return [
      ...(stacks.Stacks ?? []).map(({ StackName }) => StackName ?? ""),
      ...(functions.Functions ?? []).map(({ FunctionName }) => FunctionName ?? ""),
      ...(providers.CapacityProviders ?? []).map(({ CapacityProviderArn: arn }) => arn ?? ""),
      ...(vpcs.Vpcs ?? []).map(({ VpcId }) => VpcId ?? ""),
      ...(nats.NatGateways ?? []).flatMap(({ NatGatewayId, State }) =>
        State === "deleted" ? [] : [NatGatewayId ?? ""],
      ),
      ...(instances.Reservations ?? []).flatMap(({ Instances = [] }) =>
        Instances.filter(({ State }) => State?.Name !== "terminated").map(
          ({ InstanceId }) => InstanceId ?? "",
        ),
      ),
      ...(roles.Roles ?? []).map(({ RoleName }) => RoleName ?? ""),
    ].filter((name) => !/^(CDKToolkit|cdk-|AWSServiceRole)/.test(name));
  } finally {
    for (const client of [cloudformation, lambda, ec2, iam]) client.destroy();
  }
}
