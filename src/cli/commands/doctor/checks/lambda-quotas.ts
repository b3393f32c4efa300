import {
  type Check,
  failure,
  ok,
  type Patient,
  together,
  type Verdict,
  warning,
} from "../check.ts";

/** Lambda developer guide, "Lambda Managed Instances quotas"; the second one is fixed. */
const providerQuota = 1000;
const versionQuota = 100;
/** A deploy publishes one version of each function; room for a few of them. */
const enoughRoom = 20;

export const providerQuotaCheck: Check = {
  name: "provider-quota",
  permission: "lambda:ListCapacityProviders",
  run: async ({ aws, deployed, project }) => {
    const [count, found] = await Promise.all([aws.quotas.capacityProviders(), deployed()]);
    const seen = `${count} of ${providerQuota} capacity providers in ${aws.target.region}`;
    if (count < providerQuota - enoughRoom) return ok(seen);
    const mend = "Delete those that nobody uses, or ask AWS support for more";
    const needsOne = project !== undefined && (found?.providers ?? []).length === 0;
    return count >= providerQuota && needsOne ? failure(seen, mend) : warning(seen, mend);
  },
};

export const versionQuotaCheck: Check = {
  name: "version-quota",
  ofProject: true,
  permission: "lambda:ListFunctionVersionsByCapacityProvider",
  run: versions,
};

async function versions({ aws, deployed }: Patient): Promise<Verdict> {
  const providers = (await deployed())?.providers ?? [];
  if (providers.length === 0) return ok(`not deployed yet: 0 of ${versionQuota} versions`);
  const verdicts = providers.map(async ({ arn }) => {
    const used = (await aws.versions.ofCapacityProvider(arn)) ?? [];
    // `$LATEST` names the provider, too, and is no version: `lmi versions` and `lmi status` do not count it either.
    const count = used.filter(
      ({ state, version }) => state !== "Deleting" && version !== "$LATEST",
    ).length;
    return judge(count, arn.slice(arn.lastIndexOf(":") + 1));
  });
  return together(await Promise.all(verdicts));
}

function judge(count: number, provider: string): Verdict {
  const seen = `${count} of ${versionQuota} versions on ${provider}`;
  const mend = "Delete old versions: lmi versions --prune";
  if (count >= versionQuota) return failure(`${seen}: nothing can be published`, mend);
  return count > versionQuota - enoughRoom ? warning(seen, mend) : ok(seen);
}
