import { z } from "zod";

/* What lmi.lookups.json must hold to be reckoned with: it is merged, and mended, by hand. Of a later version's own members nothing is said. */

const place = {
  account: z.string().regex(/^\d{12}$/, { error: "must be an account's 12 digits" }),
  region: z.string().min(1),
};

const selector = z.union(
  [
    z.strictObject({ vpcId: z.string() }),
    z.strictObject({ tags: z.record(z.string(), z.string()) }),
    z.strictObject({ isDefault: z.literal(true) }),
  ],
  { error: "must be a vpcId, tags, or isDefault" },
);

const vpc = z.looseObject({
  ...place,
  selector,
  vpcId: z.string(),
  subnets: z.array(
    z.looseObject({
      subnetId: z.string(),
      availabilityZone: z.string(),
      route: z.enum(["nat", "internet", "none"]),
      freeAddresses: z.int().min(0),
    }),
  ),
});

const given = z.looseObject({
  ...place,
  subnets: z.array(
    z.looseObject({ subnetId: z.string(), vpcId: z.string(), availabilityZone: z.string() }),
  ),
  securityGroups: z.array(z.looseObject({ groupId: z.string(), vpcId: z.string() })),
});

export const lookupContent = z.looseObject({
  vpcs: z.array(vpc),
  given: z.array(given).optional(),
});

/** Each fault with where it is: `vpcs.0.subnets.1.route: …`. */
export function faultsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n");
}
