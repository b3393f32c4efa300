import { awsCommand } from "../../../../aws/aws-command.ts";
import type { RunningInstance } from "../../../../aws/ports.ts";
import { fleetsOf, minimumEnvironments } from "../../../../synth/cost/fleet.ts";
import { providersOf } from "../../../../synth/providers.ts";
import type { Settings } from "../../../../synth/settings.ts";
import { keptPrices } from "../../../prices/kept-prices.ts";
import { type Check, failure, ok, type Patient, type Verdict, warning } from "../check.ts";

/**
 * `Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances`, in vCPUs (EC2 user guide, "Amazon EC2 service
 * quotas"; AWS CLI examples, service-quotas get-service-quota). Managed Instances take C, M and R.
 */
const standardQuota = { service: "ec2", quota: "L-1216C47A" };
const standardFamily = /^[acdhimrtz]\d/;

export const vCpuQuotaCheck: Check = {
  name: "vcpu-quota",
  awsOnly: true,
  permission: "servicequotas:GetServiceQuota and ec2:DescribeInstances",
  run,
};

async function run(patient: Patient): Promise<Verdict> {
  const { aws } = patient;
  const [quota, running, deployed] = await Promise.all([
    aws.quotas.value(standardQuota.service, standardQuota.quota),
    aws.quotas.running(),
    patient.deployed(),
  ]);
  const standard = running.filter(({ instanceType }) => standardFamily.test(instanceType));
  const own = new Set(deployed?.providers.map(({ arn }) => arn));
  const used = sum(standard);
  if (quota === undefined) return ok(`${used} vCPUs in use; Service Quotas names no limit`);
  const others = sum(
    standard.filter(({ capacityProviderArn = "" }) => !own.has(capacityProviderArn)),
  );
  const ofOwn = used > others ? `, ${used - others} of them by this stack` : "";
  const seen = `${used} of ${quota} vCPUs in use${ofOwn}`;
  if (patient.project === undefined) return ok(seen);
  return judge(
    { seen, free: quota - others, others, ...needsOf(patient.project.settings, patient) },
    patient,
  );
}

const sum = (instances: readonly RunningInstance[]) =>
  instances.reduce((total, { vCpus }) => total + vCpus, 0);

interface Needs {
  /** vCPUs of the instances that hold the minimum of environments. */
  readonly least: number;
  /** vCPUs of all providers' caps. */
  readonly cap: number;
}

function needsOf(settings: Settings, { aws, system }: Patient): Needs {
  const prices = keptPrices(aws.target.region, system);
  const fleets = fleetsOf(settings, minimumEnvironments, prices);
  return {
    least: fleets.reduce((total, { count, type }) => total + count * type.vCpus, 0),
    cap: providersOf(settings).reduce((total, { capacity }) => total + capacity.maxVCpu, 0),
  };
}

function judge(
  { seen, free, others, least, cap }: Needs & { seen: string; free: number; others: number },
  { aws }: Patient,
): Verdict {
  const wanted = others + cap;
  const mend = awsCommand(
    aws.target,
    `service-quotas request-service-quota-increase --service-code ${standardQuota.service} --quota-code ${standardQuota.quota} --desired-value ${wanted}`,
  );
  if (free < least)
    return failure(
      `${seen}: ${free} are left for it, and the instances of the minimum take ${least}; the version would fail with VcpuLimitExceeded`,
      mend,
    );
  if (free < cap)
    return warning(
      `${seen}: ${free} are left for it, so that the cap of ${cap} (capacity.maxVCpu) is never reached`,
      mend,
    );
  return ok(`${seen}: ${free} are left for its cap of ${cap}`);
}
