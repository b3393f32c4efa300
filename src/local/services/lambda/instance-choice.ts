import type { CapacityProvider, FunctionConfiguration } from "@aws-sdk/client-lambda";
import { InitFailure } from "../../runtime/init-failure.ts";
import type { InstanceTypeInfo } from "../ec2/managed-instances.ts";
import { instanceTypeTable } from "../ec2/managed-instances.ts";
import { environmentVCpus } from "./validation.ts";

/** Of every instance 1 vCPU and 1 GiB are kept for the system (sample-aws-lambda-managed-instances, CALCULATOR_METHODOLOGY). */
const reserved = { vCpus: 1, memoryGiB: 1 };

/** What one execution environment takes of an instance. */
export interface Shape {
  readonly vCpus: number;
  readonly memoryGiB: number;
}

export function shapeOf(configuration: FunctionConfiguration): Shape {
  return {
    vCpus: environmentVCpus(configuration),
    memoryGiB: (configuration.MemorySize ?? 0) / 1024,
  };
}

/** What an instance of a type has for execution environments. A type that nobody knows has nothing. */
export function allocatable(instanceType: string | undefined): Shape {
  const type = instanceTypeTable.get(instanceType ?? "");
  return {
    vCpus: Math.max(0, (type?.vCpus ?? 0) - reserved.vCpus),
    memoryGiB: Math.max(0, (type?.memoryGiB ?? 0) - reserved.memoryGiB),
  };
}

/** How many environments of a shape fit into what is free. */
export function fitsInto(free: Shape, shape: Shape): number {
  return Math.floor(Math.min(free.vCpus / shape.vCpus, free.memoryGiB / shape.memoryGiB));
}

/** Lambda prefers C for 2 GiB a vCPU, M for 4 and R for 8, and newer generations (Lambda developer guide, …-capacity-providers). */
const families: Readonly<Record<number, string>> = { 2: "c", 4: "m", 8: "r" };

/**
 * C instances begin at xlarge, M and R at large (AWS's Managed Instances guidance of August 2026). Sources contradict
 * each other about smaller ones; they are taken where the provider allows them by name.
 */
const minVCpus: Readonly<Record<string, number>> = { c: 4, m: 2, r: 2 };

const isUsual = ({ instanceType, vCpus }: InstanceTypeInfo) =>
  vCpus >= (minVCpus[instanceType.charAt(0)] ?? 0);

/** Roughly as prices go: a vCPU costs several times what a GiB does. */
const cost = ({ vCpus, memoryGiB }: InstanceTypeInfo) => vCpus * 10 + memoryGiB;

/**
 * The types that the provider allows and that hold at least one environment of this shape, the best first: the
 * smallest that holds `environments`, in the family of the shape, of the newest generation.
 * Fails with InitFailure InsufficientCapacity where there is none.
 */
export function instanceTypes(
  provider: CapacityProvider,
  shape: Shape,
  environments: number,
): InstanceTypeInfo[] {
  const requirements = provider.InstanceRequirements ?? {};
  const architecture = requirements.Architectures?.[0] ?? "x86_64";
  const allowed = new Set(requirements.AllowedInstanceTypes ?? []);
  const excluded = new Set(requirements.ExcludedInstanceTypes ?? []);
  const holds = ({ instanceType }: InstanceTypeInfo) => fitsInto(allocatable(instanceType), shape);
  const fitting = [...instanceTypeTable.values()].filter(
    (type) =>
      type.architecture === architecture &&
      (allowed.size === 0 ? isUsual(type) : allowed.has(type.instanceType)) &&
      !excluded.has(type.instanceType) &&
      holds(type) >= 1,
  );
  if (fitting.length === 0) {
    throw new InitFailure(
      "InsufficientCapacity",
      `No instance type that the capacity provider allows holds an execution environment with ${shape.vCpus} vCPUs and ${shape.memoryGiB} GiB.`,
    );
  }
  const family = families[Math.round(shape.memoryGiB / shape.vCpus)] ?? "m";
  const stranger = (type: InstanceTypeInfo) => (type.instanceType.startsWith(family) ? 0 : 1);
  const tooSmall = (type: InstanceTypeInfo) => (holds(type) >= environments ? 0 : 1);
  return fitting.toSorted(
    (one, other) =>
      tooSmall(one) - tooSmall(other) ||
      stranger(one) - stranger(other) ||
      cost(one) - cost(other) ||
      other.instanceType.localeCompare(one.instanceType, "en", { numeric: true }),
  );
}
