import type { Aws } from "../../aws/ports.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import { givenNetworkIssues, type NetworkFacts } from "../../synth/given-network.ts";
import { stackName } from "../../synth/names.ts";
import { type RuleIssue, toldIssues } from "../../synth/rule-issue.ts";
import type { NetworkSettings } from "../../synth/settings.ts";
import type { LoadedSettings } from "../config/load-settings.ts";
import type { Reporter } from "../output/reporter.ts";
import { rememberGiven } from "./remember-given.ts";

/**
 * Looks at the ids that settings give, and remembers where they are. Fails with LMI_NETWORK_INVALID, which has all
 * faults; what the caller may not look at is left to whoever makes the capacity provider, with a warning.
 */
export async function verifyGiven(
  given: NetworkSettings,
  { settings, projectDir }: LoadedSettings,
  connect: () => Promise<Aws>,
  reporter: Reporter,
): Promise<void> {
  const { subnetIds = [], securityGroupIds = [] } = given;
  if (subnetIds.length + securityGroupIds.length === 0) return;
  const aws = await connect();
  const network = { ...settings.network, subnetIds: given.subnetIds };
  const [facts, { accountId }] = await Promise.all([
    look(network, aws, reporter),
    aws.identity.caller(),
  ]);
  const issues = await judged(network, facts, () =>
    aws.stacks.find(stackName(settings.name, settings.environment)),
  );
  const errors = issues.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw refused(errors, accountId, aws.target.region);
  for (const { path, message } of issues) reporter.warn(`${path.join(".")} ${message}`);
  await rememberGiven(projectDir, { account: accountId, region: aws.target.region, ...facts });
}

type Facts = Pick<NetworkFacts, "vpcExists" | "subnets" | "securityGroups">;

async function look(network: NetworkSettings, aws: Aws, reporter: Reporter): Promise<Facts> {
  const { vpcId = "", subnetIds = [], securityGroupIds = [] } = network;
  const ask = <T>(ids: readonly string[], key: string, operation: string, call: Look<T>) =>
    ids.length === 0 ? [] : allowed(() => call(ids), `network.${key}`, operation, reporter);
  const { networks } = aws;
  const [vpcs, subnets, securityGroups] = await Promise.all([
    ask([vpcId], "vpcId", "DescribeVpcs", (ids) => networks.ranges(ids)),
    ask(subnetIds, "subnetIds", "DescribeSubnets", (ids) => networks.subnets(ids)),
    ask(securityGroupIds, "securityGroupIds", "DescribeSecurityGroups", (ids) =>
      networks.securityGroups(ids),
    ),
  ]);
  return { vpcExists: vpcs && vpcs.length > 0, subnets, securityGroups };
}

type Look<T> = (ids: readonly string[]) => Promise<readonly T[]>;

/** undefined where the caller may not look. */
async function allowed<T>(
  call: () => Promise<T>,
  path: string,
  operation: string,
  reporter: Reporter,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof LmiError) || error.code !== "LMI_ACCESS_DENIED") throw error;
    reporter.warn(`${path} was not checked: the caller lacks the permission ec2:${operation}`);
    return undefined;
  }
}

/** Addresses that the stack's own instances have taken are no fault of the settings. */
async function judged(
  network: NetworkSettings,
  facts: Facts,
  findStack: () => Promise<unknown>,
): Promise<RuleIssue[]> {
  const issues = (isDeployed: boolean) =>
    givenNetworkIssues(network, { ...facts, isComplete: true, isDeployed });
  const first = issues(false);
  const isShort = first.some(
    ({ code, severity }) => code === "subnet-full" && severity === "error",
  );
  return isShort && (await findStack()) !== undefined ? issues(true) : first;
}

function refused(issues: readonly RuleIssue[], account: string, region: string): LmiError {
  const { count, problems } = toldIssues(issues);
  return new LmiError(
    "LMI_NETWORK_INVALID",
    `The network of the settings has ${count} in account ${account}, region ${region}`,
    {
      why: problems
        .map(({ path, value, message }) => `${path}  ${String(value)}\n    ${message}`)
        .join("\n"),
      next: "Correct the ids; aws ec2 describe-subnets and describe-security-groups show what is there",
      exitCode: ExitCode.usage,
      details: { problems },
    },
  );
}
