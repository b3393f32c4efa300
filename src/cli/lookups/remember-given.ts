import { isDeepStrictEqual } from "node:util";
import { givenNetworkIssues } from "../../synth/given-network.ts";
import type { RuleIssue } from "../../synth/rule-issue.ts";
import type { Settings } from "../../synth/settings.ts";
import { type GivenLookup, readGiven, writeGiven } from "./lookup-file.ts";

/** Members of `GivenLookup` that the caller was not allowed to look at are undefined. */
type Found = Pick<GivenLookup, "account" | "region"> & {
  readonly [Key in "subnets" | "securityGroups"]: GivenLookup[Key] | undefined;
};

/** Writes down where given subnets and security groups are, for what works offline. */
export async function rememberGiven(projectDir: string, found: Found): Promise<void> {
  const all = await readGiven(projectDir);
  const isThere = ({ account, region }: GivenLookup) =>
    account === found.account && region === found.region;
  const before = all.find(isThere);
  const { account, region, subnets = [], securityGroups = [] } = found;
  if (subnets.length + securityGroups.length === 0) return;
  const now: GivenLookup = {
    account,
    region,
    subnets: merged(
      before?.subnets ?? [],
      subnets.map(({ subnetId, vpcId, availabilityZone }) => ({
        subnetId,
        vpcId,
        availabilityZone,
      })),
      ({ subnetId }) => subnetId,
    ),
    securityGroups: merged(before?.securityGroups ?? [], securityGroups, ({ groupId }) => groupId),
  };
  // A file that is committed changes only with what it says.
  if (isDeepStrictEqual(before, now)) return;
  await writeGiven(projectDir, [...all.filter((one) => !isThere(one)), now]);
}

/** Each once, the newer of two, in the order of their ids. */
function merged<T>(before: readonly T[], now: readonly T[], idOf: (one: T) => string): T[] {
  const byId = new Map([...before, ...now].map((one) => [idOf(one), one]));
  return [...byId.values()].toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
}

/** What is wrong with given ids as far as they were looked at before; asks nobody. */
export async function rememberedIssues(
  { network, region }: Settings,
  projectDir: string,
): Promise<RuleIssue[]> {
  if (network.vpcId === undefined) return [];
  if (network.subnetIds === undefined && network.securityGroupIds === undefined) return [];
  const known = (await readGiven(projectDir)).filter(
    (one) => (region ?? one.region) === one.region,
  );
  // An id is of one account and region alone, so that all of them together contradict nothing.
  return givenNetworkIssues(network, {
    subnets: known.flatMap(({ subnets }) => subnets),
    securityGroups: known.flatMap(({ securityGroups }) => securityGroups),
    isComplete: false,
    isDeployed: false,
  });
}
