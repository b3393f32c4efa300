import type {
  GetAWSDefaultServiceQuotaRequest,
  GetServiceQuotaRequest,
  RequestServiceQuotaIncreaseRequest,
  ServiceQuota,
} from "@aws-sdk/client-service-quotas";

import type { CallContext, Operation, Service, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";

interface KnownQuota {
  readonly ServiceName: string;
  readonly QuotaName: string;
  /** Of a new account. */
  readonly Value: number;
  readonly UsageMetric: ServiceQuota["UsageMetric"];
}

/** The quotas that lmi asks for, by service and code (AWS CLI examples, "service-quotas get-aws-default-service-quota"). */
const known: Readonly<Record<string, Readonly<Record<string, KnownQuota>>>> = {
  ec2: {
    "L-1216C47A": {
      ServiceName: "Amazon Elastic Compute Cloud (Amazon EC2)",
      QuotaName: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
      Value: 5,
      UsageMetric: {
        MetricNamespace: "AWS/Usage",
        MetricName: "ResourceCount",
        MetricDimensions: {
          Class: "Standard/OnDemand",
          Resource: "vCPU",
          Service: "EC2",
          Type: "Resource",
        },
        MetricStatisticRecommendation: "Maximum",
      },
    },
  },
};

interface Granted {
  readonly value: number;
}

/** Service Quotas: what an account may have is kept and told; nothing on the local target is held to it. */
export function createServiceQuotasService(target: TargetContext): Service {
  const granted = target.state.collection<Granted>("servicequotas.granted");
  return { name: "servicequotas", operations: operations(target, granted) };
}

function operations(
  target: TargetContext,
  granted: Collection<Granted>,
): Record<string, Operation> {
  return {
    async GetServiceQuota(input: GetServiceQuotaRequest, { region }: CallContext) {
      const quota = quotaOf(input, region, target.accountId);
      const own = granted.get(region, idOf(input));
      return { Quota: own === undefined ? quota : { ...quota, Value: own.value } };
    },
    async GetAWSDefaultServiceQuota(
      input: GetAWSDefaultServiceQuotaRequest,
      { region }: CallContext,
    ) {
      return { Quota: quotaOf(input, region, "") };
    },
    async RequestServiceQuotaIncrease(
      input: RequestServiceQuotaIncreaseRequest,
      { region, requestId }: CallContext,
    ) {
      const {
        QuotaName,
        QuotaArn,
        ServiceName,
        Value = 0,
      } = quotaOf(input, region, target.accountId);
      const value = input.DesiredValue ?? 0;
      if (value <= (granted.get(region, idOf(input))?.value ?? Value))
        throw new ServiceError(
          "IllegalArgumentException",
          "You must provide a quota value greater than the current quota value.",
        );
      granted.put(region, idOf(input), { value });
      return {
        RequestedQuota: {
          Id: requestId.replaceAll("-", ""),
          ServiceCode: input.ServiceCode,
          ServiceName,
          QuotaCode: input.QuotaCode,
          QuotaName,
          QuotaArn,
          DesiredValue: value,
          // Nobody has to look at it here.
          Status: "APPROVED",
          Created: target.clock.now(),
          GlobalQuota: false,
          Unit: "None",
        },
      };
    },
  };
}

interface Named {
  readonly ServiceCode: string | undefined;
  readonly QuotaCode: string | undefined;
}

const idOf = ({ ServiceCode = "", QuotaCode = "" }: Named) => `${ServiceCode}/${QuotaCode}`;

function quotaOf(input: Named, region: string, accountId: string): ServiceQuota {
  const { ServiceCode = "", QuotaCode = "" } = input;
  const service = Object.hasOwn(known, ServiceCode) ? known[ServiceCode] : undefined;
  if (service === undefined) throw missing("service");
  const quota = Object.hasOwn(service, QuotaCode) ? service[QuotaCode] : undefined;
  if (quota === undefined) throw missing("quota");
  return {
    ServiceCode,
    ...quota,
    QuotaArn: `arn:aws:servicequotas:${region}:${accountId}:ec2/${QuotaCode}`,
    QuotaCode,
    Unit: "None",
    Adjustable: true,
    GlobalQuota: false,
  };
}

function missing(what: string): ServiceError {
  return new ServiceError(
    "NoSuchResourceException",
    `The request failed because the specified ${what} does not exist.`,
  );
}
