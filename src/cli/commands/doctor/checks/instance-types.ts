import { tablePrices } from "../../../../synth/cost/prices.ts";
import { typesOf } from "../../../../synth/cost/fleet.ts";
import { type ProviderSettings, providersOf } from "../../../../synth/providers.ts";
import {
  type Check,
  failure,
  ok,
  type Patient,
  together,
  type Verdict,
  warning,
} from "../check.ts";

/** Whether EC2 has what the providers may launch, in each zone that they launch in. */
export const instanceTypesCheck: Check = {
  name: "instance-types",
  ofProject: true,
  permission: "ec2:DescribeInstanceTypeOfferings and ec2:DescribeAvailabilityZones",
  run,
};

async function run(patient: Patient): Promise<Verdict> {
  const { project, aws } = patient;
  if (project === undefined) return ok("no project");
  const providers = providersOf(project.settings);
  const wanted = providers.map(namesOf);
  const [zones, offered] = await Promise.all([
    zonesOf(patient),
    aws.zones.offered([...new Set(wanted.flat())]),
  ]);
  if (zones.length === 0)
    return failure(`${aws.target.region} has no zone that could be used`, "Take another --region");
  return together(
    providers.map((provider, index) => judge(provider, wanted[index] ?? [], zones, offered)),
  );
}

/** Allowed types; else those that Lambda goes by whose price is known, which stand for their families. */
function namesOf(provider: ProviderSettings): string[] {
  const { allow } = provider.capacity.instanceTypes ?? {};
  return [...(allow ?? typesOf(provider, tablePrices).usual.map(({ name }) => name))];
}

/** Of the subnets that exist; a new VPC takes the first ones of the region. */
async function zonesOf({ place, project, aws }: Patient): Promise<readonly string[]> {
  const found = await place();
  if (found !== undefined)
    return [...new Set(found.subnets.map(({ availabilityZone }) => availabilityZone))].toSorted();
  return (await aws.zones.names()).slice(0, project?.settings.network.azs ?? 1);
}

function judge(
  { path, capacity }: ProviderSettings,
  types: readonly string[],
  zones: readonly string[],
  offered: ReadonlyMap<string, readonly string[]>,
): Verdict {
  const setting = `${path.join(".")}.instanceTypes`;
  const has = (zone: string) => types.filter((type) => offered.get(zone)?.includes(type) ?? false);
  const without = zones.filter((zone) => has(zone).length === 0);
  const counts = zones.map((zone) => `${zone}: ${has(zone).length} of ${types.length}`).join(", ");
  const seen = `${capacity.architecture} types offered in ${counts}`;
  const mend = capacity.instanceTypes?.allow
    ? `Allow types that these zones have in ${setting}, or take other subnets`
    : "Take subnets of other zones, the other architecture, or another region";
  if (without.length === zones.length)
    return failure(`no instance type that may be launched is offered: ${seen}`, mend);
  return without.length > 0 ? warning(`none in ${without.join(", ")}: ${seen}`, mend) : ok(seen);
}
