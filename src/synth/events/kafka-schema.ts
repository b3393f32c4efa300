import { z } from "zod";
import { arn, idPattern, matching, whole } from "../setting-values.ts";
import {
  batchWindow,
  enabled,
  failureDestination,
  filterKey,
  filters,
  recordBatchSize,
  reportBatchItemFailures,
  retries,
  startingTimestamp,
} from "./polling-schema.ts";

/** Lambda API, CreateEventSourceMapping (Topics): `^[^.]([a-zA-Z0-9\-_.]+)`, so two characters at least, and 249 at most. */
const topicName = /^(?!\.)[\w.-]{2,249}$/;
const secretArn = arn(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
  "arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka-a1b2c3",
);

/** Lambda developer guide, msk-esm-parameters and kafka-esm-parameters. */
const kafka = {
  topic: matching(
    topicName,
    "must be a topic: 2 to 249 letters, digits, ., - and _, not beginning with .",
  ).describe("The topic."),
  startingPosition: z
    .enum(["LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"])
    .describe("Where a new mapping begins: LATEST, TRIM_HORIZON (all), or AT_TIMESTAMP."),
  startingTimestamp,
  consumerGroup: matching(/^[\w/*:+=.@-]{1,200}$/, "must be 1 to 200 characters of Kafka's")
    .optional()
    .describe("Consumer group. Default: one that Lambda makes up."),
  batchSize: recordBatchSize,
  batchWindow,
  filters,
  ...retries,
  // CloudFormation takes destinations of 12 characters at least (AWS::Lambda::EventSourceMapping OnFailure).
  onFailure: matching(
    new RegExp(String.raw`^(kafka://(?!\.)[\w.-]{4,249}|arn:aws[a-z-]*:(${failureDestination}))$`),
    "must be the ARN of a standard SQS queue or SNS topic or of an S3 bucket, or kafka://<topic> with a topic of 4 to 249 characters",
  )
    .optional()
    .describe(
      "What is told of records given up: ARN of an SQS queue, SNS topic or S3 bucket, or kafka://<topic>.",
    ),
  pollers: z
    .strictObject({
      minimum: whole(1, 200).optional().describe("Pollers that always run, 1 to 200."),
      maximum: whole(1, 2000).optional().describe("Pollers at most, 1 to 2000."),
      group: matching(/^[\w-]{1,128}$/, "must be 1 to 128 letters, digits, - and _")
        .optional()
        .describe("Mappings with the same group share pollers, and their cost."),
    })
    .optional()
    .describe("Pollers of this mapping's own (provisioned mode), which cost by the hour."),
  reportBatchItemFailures,
  kmsKeyArn: filterKey,
  enabled,
} as const;

export const mskEvent = () =>
  z
    .strictObject({
      type: z.literal("msk").describe("Records of a topic of Amazon MSK."),
      arn: arn(
        /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:(cluster\/[\w-]+\/[\w-]+|vpc-connection\/\d{12}\/[\w-]+\/[\w-]+)$/,
        "arn:aws:kafka:us-east-1:123456789012:cluster/events/0123abcd-0123-4567-89ab-0123456789ab-1",
      ).describe("ARN of the cluster, or of a VPC connection to one of another account."),
      ...kafka,
      auth: z
        .strictObject({
          type: z
            .enum(["SASL_SCRAM_512_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH"])
            .describe("SASL/SCRAM, or mutual TLS."),
          secretArn: secretArn.describe("Secret in Secrets Manager with the credentials."),
        })
        .optional()
        .describe(
          "How Lambda proves itself to the brokers. Default: by IAM, with the execution role.",
        ),
    })
    .describe("Records of a topic of Amazon MSK.");

export const kafkaEvent = () =>
  z
    .strictObject({
      type: z.literal("kafka").describe("Records of a topic of a Kafka cluster outside of MSK."),
      bootstrapServers: z
        .array(matching(/^[\w.-]{1,250}:\d{1,5}$/, "must be host:port"))
        .min(1, { error: "must be 1 to 10 servers" })
        .max(10, { error: "must be 1 to 10 servers" })
        .describe("Brokers, host:port, 1 to 10."),
      ...kafka,
      auth: z
        .strictObject({
          type: z
            .enum([
              "BASIC_AUTH",
              "SASL_SCRAM_256_AUTH",
              "SASL_SCRAM_512_AUTH",
              "CLIENT_CERTIFICATE_TLS_AUTH",
            ])
            .describe("SASL/PLAIN (BASIC_AUTH), SASL/SCRAM, or mutual TLS."),
          secretArn: secretArn.describe("Secret in Secrets Manager with the credentials."),
        })
        .optional()
        .describe("How Lambda proves itself to the brokers."),
      serverCaSecretArn: secretArn
        .optional()
        .describe("Secret with the certificate of the authority that signed the brokers' own."),
      vpc: z
        .strictObject({
          subnetIds: z
            .array(
              matching(idPattern("subnet"), "must be a subnet such as subnet-0123456789abcdef0"),
            )
            .min(1, { error: "must be 1 to 16 subnets" })
            .max(16, { error: "must be 1 to 16 subnets" })
            .describe("Subnets that reach the brokers, 1 to 16."),
          securityGroupIds: z
            .array(
              matching(idPattern("sg"), "must be a security group such as sg-0123456789abcdef0"),
            )
            .min(1, { error: "must be 1 to 5 security groups" })
            .max(5, { error: "must be 1 to 5 security groups" })
            .describe("Security groups of Lambda's pollers there, 1 to 5."),
        })
        .optional()
        .describe(
          "Where Lambda's pollers reach the brokers; without pollers it needs NAT there, or endpoints of lambda, sts and secretsmanager. Default: the internet.",
        ),
    })
    .describe("Records of a topic of a Kafka cluster outside of MSK.");

export type MskEvent = z.output<ReturnType<typeof mskEvent>>;
export type KafkaEvent = z.output<ReturnType<typeof kafkaEvent>>;
