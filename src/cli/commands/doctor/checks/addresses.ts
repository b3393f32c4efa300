import { leastAddresses } from "../../../../synth/given-network.ts";
import {
  type Check,
  failure,
  ok,
  type Patient,
  together,
  type Verdict,
  warning,
} from "../check.ts";

/** Every instance takes an address, and is replaced by starting another one first. */
export const addressesCheck: Check = {
  name: "addresses",
  ofProject: true,
  permission: "ec2:DescribeSubnets",
  run,
};

async function run({ place, deployed, project, aws }: Patient): Promise<Verdict> {
  const found = await place();
  if (found === undefined)
    return ok(`a new VPC, ${project?.settings.network.cidr ?? ""}, has room of its own`);
  const isDeployed = (await deployed()) !== undefined;
  const missing = found.missing.map((id) =>
    failure(
      `${id} does not exist in ${aws.target.region}`,
      "Name subnets that exist in network.subnetIds",
    ),
  );
  const full = found.subnets.filter(({ freeAddresses }) => freeAddresses < leastAddresses);
  const somewhere = full.length < found.subnets.length;
  const tight = full.map(({ subnetId, availabilityZone, freeAddresses }) => {
    const seen = `${subnetId} (${availabilityZone}) has ${freeAddresses} free addresses, of ${leastAddresses} that an instance and its replacement take`;
    const mend = "Take a larger subnet of that zone in network.subnetIds, or free addresses in it";
    // What is deployed may itself be what takes them.
    return somewhere || isDeployed ? warning(seen, mend) : failure(seen, mend);
  });
  const fine = found.subnets
    .filter(({ freeAddresses }) => freeAddresses >= leastAddresses)
    .map(({ subnetId, availabilityZone, freeAddresses }) =>
      ok(`${subnetId} (${availabilityZone}): ${freeAddresses} free`),
    );
  const all = [...missing, ...tight, ...fine];
  return all.length > 0 ? together(all) : failure("the VPC has no subnet that fits", vpcMend);
}

const vpcMend = "Name subnets in network.subnetIds, or another network.egress";
