import { environmentVCpus } from "./environments.ts";
import { memoryPerVCpu, reserved, type Size, sizeOf } from "./instance-size.ts";
import { instanceFamilies } from "./known-names.ts";
import { nearest } from "./nearest.ts";
import type { ProviderSettings } from "./providers.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { FunctionSettings } from "./settings.ts";

/** What can be said of a provider's instance types without asking EC2. */
export function instanceTypeRules(provider: ProviderSettings): RuleIssue[] {
  const { path: place, capacity } = provider;
  const { allow = [], exclude = [] } = capacity.instanceTypes ?? {};
  const path = [...place, "instanceTypes"];
  if (allow.length > 0 && exclude.length > 0) {
    return [
      {
        path,
        value: capacity.instanceTypes,
        message: "must allow or exclude instance types, not both",
        code: "instance-types-both",
        severity: "error",
      },
    ];
  }
  const each = allow.flatMap((type) => typeRule(type, provider));
  return each.some(({ severity }) => severity === "error")
    ? each
    : [...each, ...sizeRules(allow, provider)];
}

function typeRule(type: string, { path: place, capacity }: ProviderSettings): RuleIssue[] {
  const family = type.slice(0, type.indexOf("."));
  const issue = { path: [...place, "instanceTypes", "allow"], value: type };
  const unsuitable = (message: string): RuleIssue => ({
    ...issue,
    message,
    code: "instance-type-unsuitable",
    severity: "error",
    involves: [[...place, "architecture"]],
  });
  // Lambda refuses burstable types (aws-cdk pull request 36938: t2.micro).
  if (/^t\d/.test(family)) {
    return [
      unsuitable("is a burstable instance type, which Managed Instances refuse; use C, M or R"),
    ];
  }
  const own = /^[a-z]+\d+g/.test(family) ? "arm64" : "x86_64";
  if (own !== capacity.architecture) {
    const wanted = `${place.join(".")}.architecture is ${capacity.architecture}`;
    return [unsuitable(`is ${own}, but ${wanted}`)];
  }
  if (/^[cmr]\d/.test(family)) return unknownFamily(type, family, issue);
  return [
    {
      ...issue,
      message:
        "is not of the families C, M and R, the only ones that Managed Instances are known to take",
      code: "instance-type-family",
      severity: "warning",
    },
  ];
}

function unknownFamily(
  type: string,
  family: string,
  issue: Pick<RuleIssue, "path" | "value">,
): RuleIssue[] {
  if (instanceFamilies.includes(family)) return [];
  const meant = nearest(family, instanceFamilies);
  const hint = meant === undefined ? "" : `; did you mean ${meant}${type.slice(family.length)}?`;
  const message = `is of no family that is known${hint}`;
  return [{ ...issue, message, code: "instance-type-unknown", severity: "warning" }];
}

function sizeRules(
  allow: readonly string[],
  { path: place, capacity, functions }: ProviderSettings,
): RuleIssue[] {
  const sizes = allow.map(sizeOf);
  // Of a size that is not known nothing is said, and so not of the list either.
  if (sizes.length === 0 || sizes.includes(undefined)) return [];
  const known = sizes.filter((size) => size !== undefined);
  const tooSmall = functions.flatMap(([key, own]) => smallRule(key, own, allow, known, place));
  if (tooSmall.some(({ severity }) => severity === "error")) return tooSmall;
  const least = Math.min(...known.map(({ vCpus }) => vCpus));
  if (least <= capacity.maxVCpu) return tooSmall;
  return [
    ...tooSmall,
    {
      path: [...place, "maxVCpu"],
      value: capacity.maxVCpu,
      message: `lets no instance start: the smallest of instanceTypes.allow has ${least} vCPUs`,
      code: "max-vcpu-below-instance",
      severity: "error",
      involves: [[...place, "instanceTypes"]],
    },
  ];
}

/** Sizes of C, M and R instances, in vCPUs, from `large` on (Amazon EC2 instance types). */
const usualSizes = [2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192];

/**
 * vCPUs of the smallest instance that the settings allow and that holds an environment of the function; undefined
 * where none does, or where the size of an allowed type is not known.
 */
export function smallestInstance(
  { capacity }: ProviderSettings,
  own: FunctionSettings,
): number | undefined {
  const allow = capacity.instanceTypes?.allow ?? [];
  const largestRatio = Math.max(...Object.values(memoryPerVCpu));
  const sizes =
    allow.length === 0
      ? usualSizes.map((vCpus) => ({ vCpus, memoryGiB: vCpus * largestRatio }))
      : allow.map(sizeOf);
  const holding = sizes.filter((size) => size !== undefined && holds(size, own, reserved));
  if (sizes.includes(undefined) || holding.length === 0) return undefined;
  return Math.min(...holding.flatMap((size) => size?.vCpus ?? []));
}

/** Whether an environment fits beside what is kept. */
function holds(size: Size, own: FunctionSettings, kept: Size): boolean {
  return (
    size.vCpus - kept.vCpus >= environmentVCpus(own) &&
    size.memoryGiB - kept.memoryGiB >= own.memory / 1024
  );
}

function smallRule(
  key: string,
  own: FunctionSettings,
  allow: readonly string[],
  sizes: readonly Size[],
  place: readonly string[],
): RuleIssue[] {
  const needed: Size = { vCpus: environmentVCpus(own), memoryGiB: own.memory / 1024 };
  if (sizes.some((size) => holds(size, own, reserved))) return [];
  const isCertain = !sizes.some((size) => holds(size, own, { vCpus: 0, memoryGiB: 0 }));
  return [
    {
      path: [...place, "instanceTypes", "allow"],
      value: allow,
      message: `${isCertain ? "have no" : "leave no"} room for an environment of ${key}: ${needed.vCpus} vCPUs and ${needed.memoryGiB} GiB${isCertain ? "" : " beside the vCPU and the GiB that Lambda keeps of each instance"}`,
      code: "instance-types-too-small",
      severity: isCertain ? "error" : "warning",
      involves: [["functions", key, "memory"]],
    },
  ];
}
