import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../../src/local/clock.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import type { TestTarget } from "../../../helpers/local-target.ts";

const StackName = "outer";

async function statuses(target: TestTarget): Promise<string[]> {
  const { Stacks } = await target.client(CloudFormationClient).send(new DescribeStacksCommand({}));
  return (Stacks ?? []).map(
    ({ StackName: name, StackStatus }) => `${name?.replace(/-\w{12}$/, "")} ${StackStatus}`,
  );
}

/** When the gateway will have been ready for long. */
const later = {
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + 10 * 60_000),
};

test(
  "a restart in the middle of a nested stack goes on with both",
  { timeout: 90_000 },
  async () => {
    const stateDir = await mkdtemp(join(tmpdir(), "lmi-nested-"));
    onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
    // Its gateway takes long enough to be stopped in the middle of.
    const before = await startTestTarget({ stateDir, timing: "realistic" });
    const s3 = before.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: "templates" }));
    const inner = {
      Resources: {
        Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
        Subnet: {
          Type: "AWS::EC2::Subnet",
          Properties: { VpcId: { Ref: "Vpc" }, CidrBlock: "10.0.0.0/24" },
        },
        Nat: {
          Type: "AWS::EC2::NatGateway",
          Properties: { SubnetId: { Ref: "Subnet" }, ConnectivityType: "private" },
        },
      },
      Outputs: { Nat: { Value: { Ref: "Nat" } } },
    };
    await s3.send(
      new PutObjectCommand({ Bucket: "templates", Key: "inner", Body: JSON.stringify(inner) }),
    );
    await before.client(CloudFormationClient).send(
      new CreateStackCommand({
        StackName,
        TemplateBody: JSON.stringify({
          Resources: {
            Inner: {
              Type: "AWS::CloudFormation::Stack",
              Properties: { TemplateURL: "https://s3.us-east-1.amazonaws.com/templates/inner" },
            },
          },
          Outputs: { Nat: { Value: { "Fn::GetAtt": "Inner.Outputs.Nat" } } },
        }),
      }),
    );
    await expect
      .poll(() => statuses(before), { timeout: 30_000, interval: 20 })
      .toContain("outer-Inner CREATE_IN_PROGRESS");
    await before.close();

    const after = await startTestTarget({ stateDir, clock: later });
    await expect
      .poll(() => statuses(after), { timeout: 60_000, interval: 50 })
      .toEqual(["outer-Inner CREATE_COMPLETE", "outer CREATE_COMPLETE"]);
  },
);
