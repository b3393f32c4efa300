import type { Aws } from "../../../aws/ports.ts";
import { existingVpc, needsLookup } from "../../../synth/existing-vpc.ts";
import { LmiError } from "../../../errors.ts";
import { chooseSubnets } from "../../lookups/choose-subnets.ts";
import { rememberedNetwork } from "../../lookups/look-up-network.ts";
import { isRecord } from "../../../is-record.ts";
import type { Deployed, DoctorProject, Place } from "./check.ts";

/** Of what is deployed, else of the VPC that settings name. Nothing is written down, unlike by a deploy. */
export async function findPlace(
  project: DoctorProject,
  deployed: Deployed | undefined,
  aws: Aws,
): Promise<Place | undefined> {
  const ids = idsOf(deployed) ?? (await givenIds(project, aws));
  if (ids === undefined) return undefined;
  const subnets = await aws.egress.subnets(ids.subnetIds);
  const found = new Set(subnets.map(({ subnetId }) => subnetId));
  return {
    subnets,
    missing: ids.subnetIds.filter((id) => !found.has(id)),
    securityGroupIds: ids.securityGroupIds,
  };
}

interface Ids {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

function idsOf(deployed: Deployed | undefined): Ids | undefined {
  const configs = (deployed?.providers ?? []).flatMap(({ properties }) => {
    const config = properties["VpcConfig"];
    return isRecord(config) ? [config] : [];
  });
  if (configs.length === 0) return undefined;
  const all = (key: string) => [...new Set(configs.flatMap((config) => texts(config[key])))];
  return { subnetIds: all("SubnetIds"), securityGroupIds: all("SecurityGroupIds") };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

async function givenIds(project: DoctorProject, aws: Aws): Promise<Ids | undefined> {
  const { network } = project.settings;
  const selector = existingVpc(network);
  if (selector === undefined) return undefined;
  const securityGroupIds = network.securityGroupIds ?? [];
  const known = needsLookup(network) ? await remembered(project) : network.subnetIds;
  if (known !== undefined) return { subnetIds: known, securityGroupIds };
  const [vpc] = await aws.networks.find(selector);
  const chosen = vpc === undefined ? [] : chooseSubnets(vpc, network);
  return { subnetIds: chosen.map(({ subnetId }) => subnetId), securityGroupIds };
}

async function remembered(project: DoctorProject): Promise<readonly string[] | undefined> {
  try {
    return (await rememberedNetwork(project)).settings.network.subnetIds;
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_LOOKUP_NEEDED") return undefined;
    throw error;
  }
}
