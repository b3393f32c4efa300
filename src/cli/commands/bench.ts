import { Command, Option } from "commander";

import type { Deps } from "../deps.ts";
import { examples, sharedOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";

export interface BenchOptions extends SharedOptions {
  readonly function: string | undefined;
  /** As typed, like all that follow. */
  readonly rps: string | undefined;
  readonly concurrency: string | undefined;
  readonly targetRps: string | undefined;
  readonly p99: string | undefined;
  readonly payload: readonly string[];
  readonly payloads: string | undefined;
  readonly qualifier: string | undefined;
  /** Path and query of the function URL; true: its root. */
  readonly url: string | true | undefined;
  readonly duration: string;
  readonly warmUp: string;
  readonly arrivals: "poisson" | "even";
  readonly seed: string;
  /** True: as many as this machine has cores. */
  readonly workers: string | true | undefined;
  readonly maxErrors: string;
  readonly maxUsd: string;
  readonly waitMetrics: string;
  readonly report: string | undefined;
}

interface Flags extends Omit<BenchOptions, keyof SharedOptions | "function" | "payload"> {
  readonly payload?: readonly string[];
}

export type BenchDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;

export function benchCommand(deps: Deps, run: typeof runBench = runBench): Command {
  const command = new Command("bench")
    .description("Put load on a function, find its knee, propose settings")
    .argument("[function]", "function name (default: the one of the settings)")
    .option("--rps <rates>", "requests a second, one step each: 50,100,200 or 50..400:50")
    .option("--concurrency <counts>", "callers at once instead, one step each: 1,8,64")
    .option("--target-rps <number>", "requests a second to propose settings for")
    .option("--p99 <time>", "that 99 of 100 requests may take, e.g. 200ms");
  return loadOptions(command)
    .addHelpText(
      "after",
      examples([
        ["lmi bench --local", "find the knee: twice the load until it bends"],
        ["lmi bench --rps 500 --p99 200ms", "settings that carry 500/s within 200 ms"],
        ["lmi bench --rps 50,100,200 --duration 30s", "these rates"],
        ["lmi bench --concurrency 1,8,64", "so many callers that wait for answers"],
        ["lmi bench --payloads events.jsonl --workers", "many events, all cores"],
      ]),
    )
    .action((name: string | undefined, flags: Flags, self: Command) =>
      run(
        {
          ...sharedOptions(self, deps.system),
          function: name,
          rps: flags.rps,
          concurrency: flags.concurrency,
          targetRps: flags.targetRps,
          p99: flags.p99,
          payload: flags.payload ?? [],
          payloads: flags.payloads,
          qualifier: flags.qualifier,
          url: flags.url,
          duration: flags.duration,
          warmUp: flags.warmUp,
          arrivals: flags.arrivals,
          seed: flags.seed,
          workers: flags.workers,
          maxErrors: flags.maxErrors,
          maxUsd: flags.maxUsd,
          waitMetrics: flags.waitMetrics,
          report: flags.report,
        },
        deps,
      ),
    );
}

function loadOptions(command: Command): Command {
  return command
    .option("-p, --payload <event>", "JSON, a file, @file, or -; several take turns", collect)
    .option("--payloads <file>", "many events: a JSON array, or one a line")
    .option("--qualifier <version>", "version or alias (default: $LATEST.PUBLISHED)")
    .option("--url [path]", "POST events to the function URL (default path: /)")
    .option("--duration <time>", "measured of each step", "10s")
    .option("--warm-up <time>", "before the first step", "3s")
    .addOption(
      new Option("--arrivals <kind>", "of independent callers, or as a metronome")
        .choices(["poisson", "even"])
        .default("poisson"),
    )
    .option("--seed <number>", "repeats the same arrivals", "1")
    .option("--workers [count]", "threads that send (without a count: all cores)")
    .option("--max-errors <percent>", "of a step; more ends the run", "10")
    .option("--max-usd <dollars>", "that a run on AWS may cost", "5")
    .option("--wait-metrics <time>", "for CloudWatch's CPU and memory, at most; 0s: not", "10m")
    .option("--report <file>", "HTML page (default: in .lmi/)");
}

function collect(value: string, given: readonly string[] | undefined): readonly string[] {
  return [...(given ?? []), value];
}

export async function runBench(options: BenchOptions, deps: BenchDeps): Promise<void> {
  const { readPlan } = await import("./bench/plan.ts");
  const plan = readPlan(options);
  const { benchFunction } = await import("./bench/bench-function.ts");
  await benchFunction(options, plan, deps);
}
