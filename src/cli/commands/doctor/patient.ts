import type { Aws, StackState } from "../../../aws/ports.ts";
import { once } from "../../../aws/connection.ts";
import { deployedProviders } from "../deploy/outputs.ts";
import type { System } from "../../system.ts";
import { findPlace } from "./place.ts";
import type { Deployed, DoctorProject, Patient } from "./check.ts";

export interface DoctorTools {
  readonly bootstrapVersion: (
    target: Aws["target"],
    environment: System["env"],
  ) => Promise<number | undefined>;
}

export const liveDoctorTools: DoctorTools = {
  bootstrapVersion: async (target, environment) => {
    const { readBootstrapVersion } = await import("../../../aws/bootstrap-version.ts");
    return readBootstrapVersion(target, environment);
  },
};

export function patientOf(
  aws: Aws,
  project: DoctorProject | undefined,
  system: System,
  tools: DoctorTools,
): Patient {
  const stack = once(async () => project && aws.stacks.find(project.stackName));
  const deployed = once(async () => findDeployed(await stack(), aws));
  return {
    system,
    aws,
    caller: once(() => aws.identity.caller()),
    bootstrapVersion: once(() => tools.bootstrapVersion(aws.target, system.env)),
    project,
    stack,
    deployed,
    place: once(async () => project && findPlace(project, await deployed(), aws)),
  };
}

async function findDeployed(
  stack: StackState | undefined,
  aws: Aws,
): Promise<Deployed | undefined> {
  if (stack === undefined) return undefined;
  const providers = await Promise.all(
    deployedProviders(stack.outputs).map(async (arn) => {
      const properties = await aws.capacityProviders.properties(arn);
      return properties === undefined ? [] : [{ arn, properties }];
    }),
  );
  return { stack, providers: providers.flat() };
}
