import { awsCommand } from "../../aws/aws-command.ts";
import type { Aws, VpcDescription } from "../../aws/ports.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import { existingVpc, needsLookup, type VpcSelector } from "../../synth/existing-vpc.ts";
import type { NetworkSettings } from "../../synth/settings.ts";
import type { LoadedSettings } from "../config/load-settings.ts";
import type { Reporter } from "../output/reporter.ts";
import { chooseSubnets, hasRoom } from "./choose-subnets.ts";
import { verifyGiven } from "./verify-given.ts";
import { addLookup, LOOKUP_FILE, readLookups, type VpcLookup } from "./lookup-file.ts";

/**
 * Settings with the VPC and subnets that they mean filled in, from lmi.lookups.json or else from AWS, which is then
 * written down. Ids that are given are looked at in AWS each time; where a new VPC is made, nobody is asked.
 * Fails with LMI_NETWORK_INVALID.
 */
export async function lookUpNetwork(
  loaded: LoadedSettings,
  connect: () => Promise<Aws>,
  reporter: Reporter,
): Promise<LoadedSettings> {
  const { network } = loaded.settings;
  const selector = existingVpc(network);
  if (selector === undefined) return loaded;
  const complete = needsLookup(network)
    ? withVpc(loaded, await vpcOf(selector, loaded.projectDir, connect, reporter))
    : loaded;
  await verifyGiven(network, complete, connect, reporter);
  return complete;
}

/** The same without asking AWS: for what works offline. Fails with LMI_LOOKUP_NEEDED. */
export async function rememberedNetwork(loaded: LoadedSettings): Promise<LoadedSettings> {
  const { network, region } = loaded.settings;
  const selector = existingVpc(network);
  if (selector === undefined || !needsLookup(network)) return loaded;
  const fitting = (await readLookups(loaded.projectDir)).filter(
    (lookup) => isSame(lookup.selector, selector) && (region ?? lookup.region) === lookup.region,
  );
  const [only, ...others] = fitting;
  if (only === undefined || others.length > 0) throw lookupNeeded(selector, fitting);
  return withVpc(loaded, only);
}

async function vpcOf(
  selector: VpcSelector,
  projectDir: string,
  connect: () => Promise<Aws>,
  reporter: Reporter,
): Promise<VpcDescription> {
  const aws = await connect();
  const { region } = aws.target;
  const [{ accountId: account }, lookups] = await Promise.all([
    aws.identity.caller(),
    readLookups(projectDir),
  ]);
  const known = lookups.find(
    (lookup) =>
      isSame(lookup.selector, selector) && lookup.account === account && lookup.region === region,
  );
  if (known) return known;
  const found = await aws.networks.find(selector);
  const [vpc, ...others] = found;
  if (vpc === undefined) throw notFound(selector, account, aws.target);
  if (others.length > 0) throw ambiguous(selector, found);
  await addLookup(projectDir, { selector, account, region, ...vpc });
  reporter.info(`${describe(selector)} is ${vpc.vpcId}; written to ${LOOKUP_FILE}.`);
  return vpc;
}

function withVpc(loaded: LoadedSettings, vpc: VpcDescription): LoadedSettings {
  const { settings } = loaded;
  const subnets = chooseSubnets(vpc, settings.network);
  if (subnets.length === 0) throw noSubnets(vpc, settings.network);
  const network = {
    ...settings.network,
    vpcId: vpc.vpcId,
    subnetIds: subnets.map(({ subnetId }) => subnetId),
  };
  return { ...loaded, settings: { ...settings, network } };
}

function isSame(one: VpcSelector, other: VpcSelector): boolean {
  return describe(one) === describe(other);
}

function describe(selector: VpcSelector): string {
  if ("vpcId" in selector) return `VPC ${selector.vpcId}`;
  if ("isDefault" in selector) return "The default VPC";
  const tags = Object.entries(selector.tags).toSorted(([one], [other]) => one.localeCompare(other));
  return `The VPC tagged ${tags.map(([key, value]) => `${key}=${value}`).join(", ")}`;
}

function lookupNeeded(selector: VpcSelector, fitting: readonly VpcLookup[]): LmiError {
  const places = fitting.map(({ account, region }) => `${account} ${region}`);
  return new LmiError("LMI_LOOKUP_NEEDED", `${describe(selector)} has to be looked up first.`, {
    why:
      places.length === 0
        ? `This works offline, and ${LOOKUP_FILE} does not have it.`
        : `${LOOKUP_FILE} has it for several accounts or regions: ${places.join("; ")}.`,
    next:
      places.length === 0
        ? `Let lmi deploy look it up (it shows what it would do, and asks), or name network.vpcId and network.subnetIds`
        : "Say which region: --region <region>",
    exitCode: ExitCode.usage,
  });
}

function notFound(selector: VpcSelector, account: string, target: Aws["target"]): LmiError {
  return new LmiError(
    "LMI_VPC_NOT_FOUND",
    `${describe(selector)} does not exist in account ${account}, region ${target.region}.`,
    {
      why: "It may be in another account or region, be tagged otherwise, or have been deleted.",
      next: awsCommand(target, "ec2 describe-vpcs"),
      exitCode: ExitCode.usage,
    },
  );
}

function ambiguous(selector: VpcSelector, found: readonly VpcDescription[]): LmiError {
  return new LmiError(
    "LMI_VPC_AMBIGUOUS",
    `${describe(selector)} could be any of ${found.length}.`,
    {
      why: `These have the tags: ${found.map(({ vpcId }) => vpcId).join(", ")}.`,
      next: `Say which: lmi deploy --vpc-id ${found[0]?.vpcId ?? "<id>"}`,
      exitCode: ExitCode.usage,
    },
  );
}

function noSubnets({ vpcId, subnets }: VpcDescription, { egress }: NetworkSettings): LmiError {
  const routes = subnets.map((subnet) => {
    const room = hasRoom(subnet) ? "" : `, only ${subnet.freeAddresses} free addresses`;
    return `${subnet.subnetId} (${routeWords[subnet.route]}${room})`;
  });
  return new LmiError("LMI_SUBNETS_UNSUITABLE", `${vpcId} has no subnet for egress ${egress}.`, {
    why: routes.length === 0 ? "It has no subnets at all." : `It has: ${routes.join(", ")}.`,
    next: "Choose another egress, or name the subnets: network.subnetIds, --subnet-ids",
    exitCode: ExitCode.usage,
  });
}

const routeWords = { nat: "private, with a way out", internet: "public", none: "no way out" };
