import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateCapacityProviderCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { startTestTarget } from "../../../helpers/local-target.ts";

test("the first capacity provider makes Lambda's service-linked role, and the next one finds it", async () => {
  const target = await startTestTarget();
  const ec2 = target.client(EC2Client);
  const iam = target.client(IAMClient);
  const lambda = target.client(LambdaClient);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "10.0.0.0/24" }),
  );
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "operator",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ ...trust, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  const linked = () => iam.send(new GetRoleCommand({ RoleName: "AWSServiceRoleForLambda" }));
  await expect(linked()).rejects.toMatchObject({ name: "NoSuchEntityException" });
  for (const CapacityProviderName of ["first", "second"]) {
    await lambda.send(
      new CreateCapacityProviderCommand({
        CapacityProviderName,
        VpcConfig: { SubnetIds: [Subnet?.SubnetId ?? ""], SecurityGroupIds: [] },
        PermissionsConfig: { CapacityProviderOperatorRoleArn: Role?.Arn },
      }),
    );
  }
  expect((await linked()).Role?.Path).toBe("/aws-service-role/lambda.amazonaws.com/");
});
