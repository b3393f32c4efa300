import { awsCommand } from "../../aws/aws-command.ts";
import type { AwsTarget } from "../../aws/target.ts";
import { type Need, neededVCpus } from "../../synth/needed-vcpus.ts";
import { deployedFunctionName } from "../../synth/names.ts";
import { type ProviderSettings, providersOf } from "../../synth/providers.ts";
import type { FunctionSettings, Settings } from "../../synth/settings.ts";
import type { ReasonExplanation } from "../reason-codes.ts";
import type { Findings } from "./evidence.ts";
import { type Besides, besidesWords, runningBesides } from "./room-besides.ts";

/** What is known of one failure. */
export interface Facts {
  /** What was to be deployed; undefined where nobody knows. */
  readonly settings: Settings | undefined;
  readonly functionName: string | undefined;
  readonly findings: Findings;
  /** Whom commands of the AWS CLI must mean. */
  readonly target: AwsTarget;
  /** A version before goes on answering, and its environments keep their room. */
  readonly isUpdate: boolean;
  /** AWS's own text. */
  readonly reason: string;
}

/** An explanation with the figures of the project and of the evidence, as far as they are known. */
export function advise(known: ReasonExplanation, facts: Facts): ReasonExplanation {
  return { ...known, ...byCode[known.code]?.(facts, known) };
}

type Advice = Partial<Pick<ReasonExplanation, "what" | "why" | "next" | "nextWithoutLog">>;

const byCode: Readonly<
  Record<string, (facts: Facts, known: ReasonExplanation) => Advice | undefined>
> = {
  LMI_CAPACITY_LIMIT: raiseCap,
  LMI_EC2_QUOTA: raiseQuota,
  LMI_INSUFFICIENT_CAPACITY: chooseMore,
  LMI_INIT_FAILED: mendCode,
  LMI_INIT_RESOURCES: giveMemory,
  LMI_LAMBDA_INTERNAL: tellUnhealthy,
  LMI_DRAINING: stopDraining,
};

/** The function that failed, and the provider that it runs on, in the settings' words. */
function ownOf({ settings, functionName }: Facts) {
  if (settings === undefined) return undefined;
  const entries = Object.entries(settings.functions);
  const named = entries.find(
    ([key]) => deployedFunctionName(key, settings.environment) === functionName,
  );
  const [key, own] = named ?? (entries.length === 1 ? (entries[0] ?? []) : []);
  if (key === undefined || own === undefined) return undefined;
  const provider = providersOf(settings).find(({ name }) => name === own.capacityProvider);
  return { key, own, provider, isOnly: entries.length === 1 };
}

function raiseCap(facts: Facts): Advice | undefined {
  const { settings, findings, isUpdate } = facts;
  const provider = ownOf(facts)?.provider;
  if (settings === undefined || provider === undefined) return undefined;
  const instanceType = findings.failedLaunches[0]?.type ?? findings.instances?.[0]?.instanceType;
  const besides = runningBesides(findings.running, provider, settings.environment);
  const need = neededVCpus(provider, {
    network: settings.network,
    instanceType,
    generations: isUpdate ? 2 : 1,
    besides,
  });
  if (need === undefined) return undefined;
  const { maxVCpu } = provider.capacity;
  // Where the count does not explain the refusal, one instance more than was allowed is the least that can help.
  const atLeast = need.vCpus > maxVCpu ? need.vCpus : maxVCpu + need.vCpusEach;
  return {
    why: roomWords(need, maxVCpu, facts, besides),
    next: [
      `Raise the cap to at least ${atLeast}:  ${capCommand(provider, atLeast)}`,
      ...(besides.some(({ isOwn }) => isOwn) ? [freeing] : []),
    ].join("\n"),
  };
}

const freeing = "Or delete old versions that nothing points at:  lmi versions --prune --keep 0";

function roomWords(
  need: Need,
  maxVCpu: number,
  { isUpdate }: Facts,
  others: readonly Besides[],
): string {
  const { environments, environmentVCpus, instances, vCpusEach } = need;
  const beside = isUpdate
    ? ", twice while the new version starts beside the one that answers,"
    : "";
  const count = instances === 1 ? "1 instance" : `${instances} instances`;
  return `Each instance keeps 1 vCPU for itself, and replacing one needs room for another: ${environments} environments × ${vCPUs(environmentVCpus)}${beside} are ${count} of ${vCPUs(vCpusEach)}${besidesWords(need, others)} and one more, ${vCPUs(need.vCpus)}; the cap is ${maxVCpu}.`;
}

const vCPUs = (count: number) => (count === 1 ? "1 vCPU" : `${count} vCPUs`);

/** Flags mean the provider of `capacity`; a further one is set in the file. */
function capCommand({ name }: ProviderSettings, vCpus: number): string {
  if (name === undefined) return `lmi deploy --max-vcpu ${vCpus}`;
  return `"maxVCpu": ${vCpus} under capacityProviders.${name} in lmi.json, then: lmi deploy`;
}

/** Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances (Service Quotas, Amazon EC2). */
const standardQuota = "L-1216C47A";

/** EC2 says the limit: "… than your current vCPU limit of 32 allows …" (EC2 API reference, "Error codes"). */
function raiseQuota(facts: Facts): Advice {
  const { findings, reason, target } = facts;
  const told = [reason, ...findings.failedLaunches.map(({ why }) => why)].join(" ");
  const limit = Number(/vCPU limit of (?<limit>\d+)/.exec(told)?.groups?.["limit"] ?? Number.NaN);
  const cap = ownOf(facts)?.provider?.capacity.maxVCpu ?? 0;
  const known = Number.isNaN(limit) ? undefined : limit;
  const wanted = Math.max(known === undefined ? 64 : known * 2, cap);
  const command = awsCommand(
    target,
    `service-quotas request-service-quota-increase --service-code ec2 --quota-code ${standardQuota} --desired-value ${wanted}`,
  );
  return {
    why: `The quota counts all instances of these families in the region, those of managed instances too.${known === undefined ? "" : ` It is ${known} vCPUs.`}${cap > 0 ? ` The provider may grow to ${cap}.` : ""}`,
    next: `Ask for more, wait for the answer, then deploy again:\n${command}`,
  };
}

function chooseMore(facts: Facts): Advice | undefined {
  const { settings, findings } = facts;
  if (settings === undefined) return undefined;
  const provider = ownOf(facts)?.provider;
  const tried = (pick: "type" | "zone") => [
    ...new Set(findings.failedLaunches.flatMap((launch) => launch[pick] ?? [])),
  ];
  const zones = tried("zone");
  const allowed = provider?.capacity.instanceTypes?.allow;
  const types =
    allowed === undefined
      ? "Lambda may choose among all types"
      : `allowed are ${allowed.join(", ")}`;
  const why = `Tried: ${tried("type").join(", ") || "no type that fits"}${zones.length > 0 ? ` in ${zones.join(", ")}` : ""}; ${types}.`;
  if (allowed !== undefined)
    return {
      why,
      next: "Allow more types (instanceTypes.allow in the settings, or none), then: lmi deploy",
    };
  const canWiden = settings.network.subnetIds === undefined && settings.network.azs < 3;
  return {
    why,
    next: canWiden
      ? "Allow more zones (subnets and provider are made anew): lmi deploy --azs 3"
      : "Try again in some minutes, or with the other architecture: lmi deploy",
  };
}

function mendCode(facts: Facts, { what }: ReasonExplanation): Advice | undefined {
  const found = ownOf(facts);
  if (/CallbackHandlerDeprecated/.test(facts.reason + linesOf(facts)))
    return {
      why: "Managed instances call no handler that takes a callback, its third argument.",
      next: "Write `export const handler = async (event, context) => …` and return the answer, then: lmi deploy",
    };
  if (what.includes("longer") && found) {
    const allowed = Math.min(900, Math.max(130, found.own.timeout));
    return {
      why: `Loading may take ${allowed} s: as long as the function's timeout (${found.own.timeout} s), 130 s at least and 900 s at most. Usually it waits for a connection that egress (${facts.settings?.network.egress ?? "unknown"}) or security group do not let through.`,
      next: `Look at what it waits for; or allow more: lmi deploy --timeout ${Math.min(900, allowed * 2)}${flagOf(found)}`,
    };
  }
  return undefined;
}

function giveMemory(facts: Facts): Advice | undefined {
  const found = ownOf(facts);
  if (found === undefined) return undefined;
  const { memory, memoryPerVCpu } = found.own;
  // The ratio stays, so that the next multiple has more vCPUs, and with them more worker threads.
  const more = Math.min(32_768, memory * 2);
  const workers = workersOf(found.own);
  const each =
    workers === undefined ? "" : ` ${workers} worker threads load the code, each for itself.`;
  if (more === memory)
    return {
      why: `It has ${memory} MB, the most there are.${each}`,
      next: "Load less, or set AWS_LAMBDA_NODEJS_WORKER_COUNT in the function's environment, then: lmi deploy",
    };
  return {
    why: `It has ${memory} MB for ${memory / 1024 / memoryPerVCpu} vCPU(s), and all environments of the minimum must come up.${each}`,
    next: `Give it more memory: lmi deploy --memory ${more}${flagOf(found)}   (or load less)`,
  };
}

/** Default of AWS's runtime client for Node.js: 8 for each vCPU (aws-lambda-ric 4, index.mjs). */
function workersOf({ runtime, memory, memoryPerVCpu, environment }: FunctionSettings) {
  if (!runtime.startsWith("nodejs")) return undefined;
  const given = environment["AWS_LAMBDA_NODEJS_WORKER_COUNT"];
  return typeof given === "string" ? Number(given) : 8 * (memory / 1024 / memoryPerVCpu);
}

/** A project with several functions must be told which one a flag means. */
function flagOf({ key, isOnly }: { readonly key: string; readonly isOnly: boolean }): string {
  return isOnly ? "" : ` --function ${key}`;
}

function stopDraining({ functionName, target }: Facts): Advice | undefined {
  return functionName === undefined ? undefined : { next: stopExecutions(functionName, target) };
}

/** Lambda API reference, ListDurableExecutionsByFunction and StopDurableExecution. */
export function stopExecutions(functionName: string, target: AwsTarget): string {
  const list = `lambda list-durable-executions-by-function --function-name ${functionName} --statuses RUNNING`;
  return [
    "Wait for them, or stop each of those that the first command lists:",
    awsCommand(target, list),
    awsCommand(target, "lambda stop-durable-execution --durable-execution-arn <its ARN>"),
  ].join("\n");
}

function tellUnhealthy({ findings: { unhealthy, failedLaunches } }: Facts): Advice | undefined {
  if (unhealthy === 0)
    return failedLaunches.length === 0
      ? undefined
      : {
          what: "its instances did not come up",
          why: "Lambda tried several types; the provider's log says why each of them failed.",
          next: "Mend what the log names, or try again: lmi deploy",
        };
  return {
    what: "its instances do not become healthy",
    why: `${unhealthy === 1 ? "An instance was" : `${unhealthy} instances were`} launched, failed the health check and ended. Now and then that is EC2's hardware; again and again it is the network: routes, network ACLs or the security group of the subnets.`,
    next: "Look at the network's settings, then: lmi deploy",
  };
}

function linesOf({ findings }: Facts): string {
  return findings.lines.map(({ text }) => text).join("\n");
}
