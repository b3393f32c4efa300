import { GetMetricStatisticsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  type KMSClient,
  ListKeysCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import {
  AssumeRoleCommand,
  type Credentials,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";

import type { Register } from "./registers.ts";

/** Registers of what is never taken away: a key, the newest point of a metric, the newest session. */
export const keysMetricsSessions = (): Register[] => [
  {
    name: "KMS key",
    set: async ({ kms }, Description, before) =>
      before === undefined
        ? kms.send(new CreateKeyCommand({ Description }))
        : kms.send(new UpdateKeyDescriptionCommand({ KeyId: await onlyKey(kms), Description })),
    read: async ({ kms }) => {
      const KeyId = await onlyKey(kms);
      if (KeyId === undefined) return undefined;
      return (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description;
    },
  },
  metric(),
  session(),
];

async function onlyKey(kms: KMSClient): Promise<string | undefined> {
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  if (Keys.length > 1) throw new Error(`There are ${Keys.length} keys.`);
  return Keys[0]?.KeyId;
}

const minute = 60_000;

/** Each value is a point of a minute of its own, later than the ones before. */
function metric(): Register {
  const of = { Namespace: "Durable", MetricName: "m" };
  // Points of a minute are told for 15 days, and taken for two weeks (CloudWatch API reference).
  let at = Math.floor(Date.now() / minute - 13 * 24 * 60) * minute;
  return {
    name: "metric's newest point",
    set: ({ cloudwatch }, value) => {
      at += minute;
      const { Namespace, MetricName } = of;
      const point = { MetricName, Timestamp: new Date(at), Value: numberOf(value) };
      return cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [point] }));
    },
    read: async ({ cloudwatch }) => {
      // Not acknowledged is not stored, maybe: the newest is among the last.
      const span = { StartTime: new Date(at - 1000 * minute), EndTime: new Date(at + minute) };
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({ ...of, ...span, Period: 60, Statistics: ["Sum"] }),
      );
      const newest = Datapoints.toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).at(
        -1,
      );
      return newest && `value ${newest.Sum}`;
    },
  };
}

const numberOf = (value: string) => Number(value.slice("value ".length));

/** A value as a session's name. */
export const sessionName = (value: string) => value.replaceAll(" ", "-");

/** Whoever has the newest credentials asks who they are. */
function session(): Register {
  let credentials: Credentials | undefined;
  return {
    name: "STS session",
    set: async ({ sts }, value) => {
      const RoleArn = "arn:aws:iam::000000000000:role/runs";
      const input = { RoleArn, RoleSessionName: sessionName(value) };
      credentials = (await sts.send(new AssumeRoleCommand(input))).Credentials;
    },
    read: async ({ endpoint }) => {
      if (!credentials) return undefined;
      const { AccessKeyId = "", SecretAccessKey = "", SessionToken } = credentials;
      const sts = new STSClient({
        endpoint,
        region: "us-east-1",
        credentials: {
          accessKeyId: AccessKeyId,
          secretAccessKey: SecretAccessKey,
          ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
        },
        maxAttempts: 1,
      });
      const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
      return Arn?.split("/").at(-1);
    },
  };
}
