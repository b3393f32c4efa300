import type { ServiceName } from "../service.ts";
import type { ProtocolName } from "./shape.ts";

/** Where a service's model comes from, and which of AWS's protocols it speaks. */
export interface ServiceSource {
  readonly load: () => Promise<object>;
  readonly protocol: ProtocolName;
  readonly queryCompatible?: true;
  readonly xmlNamespace?: string;
}

export const sources: Partial<Record<ServiceName, ServiceSource>> = {
  apigateway: { load: () => import("@aws-sdk/client-apigatewayv2"), protocol: "rest-json" },
  cloudformation: {
    load: () => import("@aws-sdk/client-cloudformation"),
    protocol: "query",
    xmlNamespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
  },
  ec2: {
    load: () => import("@aws-sdk/client-ec2"),
    protocol: "ec2",
    xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
  },
  ecr: { load: () => import("@aws-sdk/client-ecr"), protocol: "json" },
  events: { load: () => import("@aws-sdk/client-eventbridge"), protocol: "json" },
  iam: {
    load: () => import("@aws-sdk/client-iam"),
    protocol: "query",
    xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
  },
  kms: { load: () => import("@aws-sdk/client-kms"), protocol: "json" },
  lambda: { load: () => import("@aws-sdk/client-lambda"), protocol: "rest-json" },
  logs: { load: () => import("@aws-sdk/client-cloudwatch-logs"), protocol: "json" },
  monitoring: {
    load: () => import("@aws-sdk/client-cloudwatch"),
    protocol: "json",
    queryCompatible: true,
    xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
  },
  s3: {
    load: () => import("@aws-sdk/client-s3"),
    protocol: "rest-xml",
    xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
  },
  secretsmanager: { load: () => import("@aws-sdk/client-secrets-manager"), protocol: "json" },
  servicequotas: { load: () => import("@aws-sdk/client-service-quotas"), protocol: "json" },
  sqs: {
    load: () => import("@aws-sdk/client-sqs"),
    protocol: "json",
    queryCompatible: true,
    xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
  },
  scheduler: { load: () => import("@aws-sdk/client-scheduler"), protocol: "rest-json" },
  sns: {
    load: () => import("@aws-sdk/client-sns"),
    protocol: "query",
    xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  },
  ssm: { load: () => import("@aws-sdk/client-ssm"), protocol: "json" },
  sts: {
    load: () => import("@aws-sdk/client-sts"),
    protocol: "query",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  },
};
