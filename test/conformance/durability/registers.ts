import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateTagsCommand, CreateVpcCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from "@aws-sdk/client-ecr";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
} from "@aws-sdk/client-ssm";
import { createHash } from "node:crypto";
import { zipSync } from "fflate";

import type { Clients } from "./clients.ts";
import { keysMetricsSessions, sessionName } from "./keys-metrics-sessions.ts";

/** What a target holds, seen as one value that is set, taken away and read through the API of a service. */
export interface Register {
  readonly name: string;
  /** `before` is what it holds, as far as is known: undefined where it is not there. */
  set(clients: Clients, value: string, before: string | undefined): Promise<unknown>;
  /** Missing where a value is never taken away. */
  unset?(clients: Clients): Promise<unknown>;
  read(clients: Clients): Promise<string | undefined>;
}

/** What answers that it is not there reads as nothing. */
async function orNothing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (
      /NotFound|NoSuch|does not exist|ResourceNotFound/.test(
        `${(error as Error).name} ${(error as Error).message}`,
      )
    )
      return undefined;
    throw error;
  }
}

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
});
const zipOf = (value: string) =>
  zipSync({ "index.mjs": Buffer.from(value) }, { mtime: new Date(1980, 0, 1) });
const bucket = "durable-bucket";

/** What the registers stand on. */
export async function prepare({ s3, iam, ec2 }: Clients): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await iam.send(new CreateRoleCommand({ RoleName: "runs", AssumeRolePolicyDocument: trust }));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  return Vpc?.VpcId ?? "";
}

export const registersOf = (vpcId: string): readonly Register[] => [
  {
    name: "SSM parameter",
    set: ({ ssm }, Value) =>
      ssm.send(new PutParameterCommand({ Name: "p", Type: "String", Value, Overwrite: true })),
    unset: ({ ssm }) => ssm.send(new DeleteParameterCommand({ Name: "p" })),
    read: async ({ ssm }) =>
      (await orNothing(ssm.send(new GetParameterCommand({ Name: "p" }))))?.Parameter?.Value,
  },
  {
    name: "S3 object",
    set: ({ s3 }, Body) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: "a/b", Body })),
    unset: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "a/b" })),
    read: async ({ s3 }) =>
      (
        await orNothing(s3.send(new GetObjectCommand({ Bucket: bucket, Key: "a/b" })))
      )?.Body?.transformToString(),
  },
  {
    name: "IAM role",
    set: ({ iam }, Description, before) =>
      before === undefined
        ? iam.send(
            new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: trust, Description }),
          )
        : iam.send(new UpdateRoleCommand({ RoleName: "r", Description })),
    unset: ({ iam }) => iam.send(new DeleteRoleCommand({ RoleName: "r" })),
    read: async ({ iam }) =>
      (await orNothing(iam.send(new GetRoleCommand({ RoleName: "r" }))))?.Role?.Description,
  },
  {
    name: "ECR repository",
    set: async ({ ecr }, Value, before) => {
      const tags = [{ Key: "value", Value }];
      if (before === undefined)
        return ecr.send(new CreateRepositoryCommand({ repositoryName: "durable", tags }));
      const resourceArn = "arn:aws:ecr:us-east-1:000000000000:repository/durable";
      return ecr.send(new TagResourceCommand({ resourceArn, tags }));
    },
    unset: ({ ecr }) => ecr.send(new DeleteRepositoryCommand({ repositoryName: "durable" })),
    read: async ({ ecr }) => {
      const found = await orNothing(
        ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ["durable"] })),
      );
      if (!found) return undefined;
      const resourceArn = found.repositories?.[0]?.repositoryArn;
      const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn }));
      return tags?.[0]?.Value;
    },
  },
  {
    name: "VPC's tag",
    set: ({ ec2 }, Value) =>
      ec2.send(new CreateTagsCommand({ Resources: [vpcId], Tags: [{ Key: "value", Value }] })),
    read: async ({ ec2 }) =>
      (await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }))).Vpcs?.[0]?.Tags?.[0]?.Value,
  },
  {
    name: "log group with its events",
    set: async ({ logs }, message, before) => {
      const group = { logGroupName: "g" };
      const stream = { ...group, logStreamName: "s" };
      if (before === undefined) {
        await orThere(logs.send(new CreateLogGroupCommand(group)));
        await orThere(logs.send(new CreateLogStreamCommand(stream)));
      }
      const logEvents = [{ timestamp: Date.now(), message }];
      return logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    },
    unset: ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: "g" })),
    read: async ({ logs }) => {
      const found = await orNothing(
        logs.send(new GetLogEventsCommand({ logGroupName: "g", logStreamName: "s" })),
      );
      return found?.events?.at(-1)?.message;
    },
  },
  {
    name: "Lambda function's code",
    set: ({ lambda }, value, before) => {
      const ZipFile = zipOf(value);
      return before === undefined
        ? lambda.send(
            new CreateFunctionCommand({
              FunctionName: "f",
              Role: "arn:aws:iam::000000000000:role/runs",
              Runtime: "nodejs24.x",
              Handler: "index.handler",
              Description: value,
              Code: { ZipFile },
              Publish: true,
            }),
          )
        : lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "f", ZipFile }));
    },
    unset: ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName: "f" })),
    read: readFunction,
  },
  {
    name: "Lambda layer",
    set: ({ lambda }, value) =>
      lambda.send(
        new PublishLayerVersionCommand({ LayerName: "l", Content: { ZipFile: zipOf(value) } }),
      ),
    read: async ({ lambda }) => {
      const { LayerVersions } = await lambda.send(new ListLayerVersionsCommand({ LayerName: "l" }));
      const arn = LayerVersions?.[0]?.LayerVersionArn;
      return arn === undefined ? undefined : contentOfLayer(lambda, arn);
    },
  },
  {
    name: "stack",
    set: ({ cloudformation }, Value, before) => {
      const Type = "AWS::SSM::Parameter";
      const Properties = { Name: "of-stack", Type: "String", Value };
      const TemplateBody = JSON.stringify({ Resources: { P: { Type, Properties } } });
      const input = { StackName: "s", TemplateBody };
      return before === undefined
        ? cloudformation.send(new CreateStackCommand(input))
        : cloudformation.send(new UpdateStackCommand(input));
    },
    unset: ({ cloudformation }) => cloudformation.send(new DeleteStackCommand({ StackName: "s" })),
    read: readStack,
  },
  ...keysMetricsSessions(),
];

/** How the target tells the content that a value was made into. */
export function shownAs(register: string, value: string): string {
  if (register === "STS session") return sessionName(value);
  const isCode = register.startsWith("Lambda");
  return isCode ? createHash("sha256").update(zipOf(value)).digest("base64") : value;
}

async function contentOfLayer(lambda: LambdaClient, arn: string): Promise<string | undefined> {
  const { GetLayerVersionByArnCommand } = await import("@aws-sdk/client-lambda");
  const { Content } = await lambda.send(new GetLayerVersionByArnCommand({ Arn: arn }));
  return Content?.CodeSha256;
}

async function orThere(making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (!/AlreadyExists/.test((error as Error).name)) throw error;
  }
}

/** A function that is being made or deleted is one or the other in a moment. */
async function readFunction({ lambda }: Clients): Promise<string | undefined> {
  const get = new GetFunctionConfigurationCommand({ FunctionName: "f" });
  for (;;) {
    const found = await orNothing(lambda.send(get));
    if (found?.State !== "Deleting" && found?.State !== "Pending") return found?.CodeSha256;
    await soon();
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

/** What was begun is brought to its end; then the stack and its parameter say the same. */
async function readStack({ cloudformation, ssm }: Clients): Promise<string | undefined> {
  for (;;) {
    const found = await orNothing(
      cloudformation.send(new DescribeStacksCommand({ StackName: "s" })),
    );
    const status = found?.Stacks?.[0]?.StackStatus ?? "gone";
    if (status.endsWith("_IN_PROGRESS")) {
      await soon();
      continue;
    }
    const parameter = await orNothing(ssm.send(new GetParameterCommand({ Name: "of-stack" })));
    const value = parameter?.Parameter?.Value;
    if (status === "gone" ? value === undefined : /^(CREATE|UPDATE)_COMPLETE$/.test(status))
      return value;
    throw new Error(`The stack is ${status}, its parameter ${value}`);
  }
}
