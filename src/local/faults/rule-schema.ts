import { z } from "zod";
import { ExitCode, LmiError } from "../../errors.ts";
import type { ServiceName } from "../service.ts";
import { isModelledService, modelledServices, serviceModel } from "../wire/service-models.ts";
import { launchFailureCodes } from "../services/lambda/instance-launch.ts";
import { type FaultKind, faultKinds, type FaultRule, resourceActions, siteOf } from "./fault.ts";

const name = z.string().min(1).max(256);
const count = (least: number) => z.number().int().min(least).max(1_000_000_000);
/** No longer than the longest that Lambda waits for anything. */
const longestDelay = 15 * 60_000;

const ruleSchema = z.strictObject({
  fault: z.enum(faultKinds),
  region: name.optional(),
  service: z
    .custom<ServiceName>((value) => typeof value === "string" && isModelledService(value), {
      error: () => `expected one of ${modelledServices().join(", ")}`,
    })
    .optional(),
  operation: name.optional(),
  resourceType: name.optional(),
  logicalId: name.optional(),
  action: z.enum(resourceActions).optional(),
  functionName: name.optional(),
  code: name.optional(),
  after: count(0).optional(),
  times: count(1).optional(),
  every: count(1).optional(),
  probability: z.number().gt(0).max(1).optional(),
  delayMs: z.number().int().min(0).max(longestDelay).optional(),
  status: z.number().int().min(500).max(599).optional(),
  when: z.enum(["before", "after"]).optional(),
  reason: z.string().min(1).max(1000).optional(),
});

/** What every kind takes: where, and how often. */
const common = ["fault", "region", "after", "times", "every", "probability"];
const bySite = {
  request: ["service", "operation"],
  resource: ["resourceType", "logicalId", "action"],
  launch: [],
  termination: [],
  provider: [],
  version: ["functionName"],
  "version end": ["functionName"],
  log: ["functionName"],
} as const;
const byKind: Readonly<Record<FaultKind, readonly string[]>> = {
  throttle: ["reason"],
  error: ["status", "reason"],
  reset: ["when"],
  slow: ["delayMs"],
  "expired-token": [],
  "access-denied": ["reason"],
  "insufficient-capacity": ["reason"],
  "failed-launch": ["code", "reason"],
  "unhealthy-instance": ["reason"],
  "failed-termination": ["when", "reason"],
  "failed-provider": [],
  "failed-version": ["code", "reason"],
  draining: ["delayMs"],
  "no-egress": [],
  "failed-resource": ["when", "reason"],
};

/** A rule as it may be kept. Fails with LMI_FAULT_INVALID, which names every problem. */
export async function checkRule(value: unknown, path = ""): Promise<FaultRule> {
  const parsed = ruleSchema.safeParse(value);
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map((issue) => at([path, ...issue.path.map(String)], issue.message)),
    );
  }
  const rule = parsed.data;
  const problems = [
    ...unfitting(rule),
    ...(await unknownOperation(rule)),
    ...(await unknownCode(rule)),
  ];
  if (problems.length > 0) throw invalid(problems.map((problem) => at([path], problem)));
  return rule;
}

function at(path: readonly string[], problem: string): string {
  const place = path.filter((part) => part !== "").join(".");
  return place === "" ? problem : `${place}: ${problem}`;
}

function unfitting(rule: FaultRule): string[] {
  const site = siteOf(rule);
  const allowed = new Set<string>([...common, ...bySite[site], ...byKind[rule.fault]]);
  const given = Object.entries(rule).flatMap(([key, each]) => (each === undefined ? [] : [key]));
  const problems = given
    .filter((key) => !allowed.has(key))
    .map((key) => `${key} says nothing about ${rule.fault}${of(rule, site)}`);
  if ((rule.fault === "slow" || rule.fault === "draining") && rule.delayMs === undefined)
    problems.push("delayMs (--delay) is missing: how slow?");
  if (rule.fault === "failed-version" && rule.code === undefined)
    problems.push("code (--code) is missing: Lambda's reason code");
  return problems;
}

function of({ fault }: FaultRule, site: string): string {
  return fault.endsWith(site) ? "" : ` of a ${site}`;
}

/** A name that AWS does not have would never be struck, silently. */
async function unknownOperation({ service, operation }: FaultRule): Promise<string[]> {
  if (service === undefined || operation === undefined || operation.endsWith("*")) return [];
  const { operations } = await serviceModel(service);
  if (operations.has(operation)) return [];
  const like = [...operations.keys()].find(
    (known) => known.toLowerCase() === operation.toLowerCase(),
  );
  return [
    `operation: ${service} has no operation ${operation}${like ? `; did you mean ${like}?` : ""}`,
  ];
}

/** Reason codes of Lambda's own model; a launch has those that EC2's errors become. */
async function unknownCode({ fault, code }: FaultRule): Promise<string[]> {
  if (code === undefined) return [];
  const { LastUpdateStatusReasonCode } = await import("@aws-sdk/client-lambda");
  const codes: readonly string[] =
    fault === "failed-launch" ? launchFailureCodes : Object.values(LastUpdateStatusReasonCode);
  return codes.includes(code) ? [] : [`code: expected one of ${codes.join(", ")}`];
}

function invalid(problems: readonly string[]): LmiError {
  return new LmiError("LMI_FAULT_INVALID", "This fault makes no sense.", {
    why: problems.join("\n"),
    next: "See: lmi local fault add --help",
    exitCode: ExitCode.usage,
  });
}
