import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import type { AnsweredRequest } from "../../../src/local/request-log.ts";
import { startTestTarget, type TestTarget } from "../../helpers/local-target.ts";
import { type Lane, openLane, type Outcome } from "./lane.ts";

/** A target and as many projects on it as are asked for, each in a region of its own. */
export interface Proving {
  readonly target: TestTarget;
  /** A project that was never deployed, in a region that was never prepared. */
  newLane(): Promise<Lane>;
  /** Hands out a project that is deployed; one that was broken by a failure is not used again. */
  withDeployed<Result>(work: (lane: Lane) => Promise<Result>): Promise<Result>;
  /** The operations that a command calls in a lane, as `service:operation`, each with how often. */
  recording(lane: Lane, work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>>;
  /** Runs a command under a fault, which is gone afterwards. */
  under(rule: FaultRule, lane: Lane, args: readonly string[]): Promise<Struck>;
  close(): Promise<void>;
}

export interface Struck extends Outcome {
  readonly hits: number;
}

export async function startProving(): Promise<Proving> {
  const seen: AnsweredRequest[] = [];
  const target = await startTestTarget({
    // Hundreds of commands in one process keep their connections until these are idle for a minute.
    limits: { connections: 100_000 },
    manual: true,
    answered: (request) => void seen.push(request),
  });
  const parent = await mkdtemp(join(tmpdir(), "lmi-faults-"));
  const env = {
    AWS_ENDPOINT_URL: target.endpoint,
    AWS_ACCESS_KEY_ID: "lmi-local",
    AWS_SECRET_ACCESS_KEY: "lmi-local",
  };
  // The SDK and the toolkit library read nothing else. The file that uses this has its process to itself.
  Object.assign(process.env, env, { CDK_HOME: parent }); // eslint-disable-line node/no-process-env
  let lanes = 0;
  const newLane = () => openLane(parent, regionName((lanes += 1)), env);
  const idle: Lane[] = [];
  return {
    target,
    newLane,
    withDeployed: async (work) => {
      const lane = idle.pop() ?? (await newLane());
      await deployed(lane);
      const result = await work(lane);
      idle.push(lane);
      return result;
    },
    recording: async ({ region }, work) => {
      seen.length = 0;
      await work();
      const counts = new Map<string, number>();
      for (const { service, operation, region: where } of seen) {
        const name = `${service}:${operation}`;
        if (where === region) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return counts;
    },
    under: async (rule, lane, args) => {
      const { id } = await target.faults.add({ ...rule, region: lane.region });
      try {
        const outcome = await lane.lmi(...args);
        const hits = target.faults.list().find((record) => record.id === id)?.hits ?? 0;
        return { ...outcome, hits };
      } finally {
        target.faults.remove(id);
      }
    },
    close: async () => {
      await target.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** A region that AWS does not have, in the form of one that it has: digits as letters. */
function regionName(number: number): string {
  const letters = String(number).replaceAll(/\d/g, (digit) => "abcdefghij".charAt(Number(digit)));
  return `xx-${letters}-1`;
}

async function deployed(lane: Lane): Promise<void> {
  const { code, stderr } = await lane.lmi("deploy", "--yes");
  if (code !== 0) throw new Error(`deploy in ${lane.region} ended with ${code}: ${stderr}`);
}

/** What is left of a lane's stack and of what costs money. */
export async function leftIn({ context }: TestTarget, { region }: Lane): Promise<string[]> {
  const caller = {
    region,
    accountId: context.accountId,
    requestId: "look",
    accessKeyId: "lmi-local",
    signal: new AbortController().signal,
  };
  const [providers, functions, { Reservations }] = await Promise.all([
    context.call<{ CapacityProviders: object[] }>("lambda", "ListCapacityProviders", {}, caller),
    context.call<{ Functions: object[] }>("lambda", "ListFunctions", {}, caller),
    context.call<{ Reservations: { Instances: { State: { Name: string } }[] }[] }>(
      "ec2",
      "DescribeInstances",
      {},
      caller,
    ),
  ]);
  const running = Reservations.flatMap(({ Instances }) => Instances).filter(
    ({ State }) => State.Name !== "terminated",
  );
  return [...providers.CapacityProviders, ...functions.Functions, ...running].map((each) =>
    JSON.stringify(each),
  );
}
