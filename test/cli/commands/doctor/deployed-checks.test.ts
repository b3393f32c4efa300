import {
  CreateVpcEndpointCommand,
  DeleteRouteCommand,
  DescribeRouteTablesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  RequestServiceQuotaIncreaseCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";

import { connectAws } from "../../../../src/aws/connect.ts";
import { deployedProject, type ProjectRequest } from "../../../helpers/deployed-stack.ts";
import { doctorOn } from "./doctor-fixture.ts";

/** A deployed project, seen as if it were on AWS: the checks for the local target alone leave much out. */
async function deployed(request: ProjectRequest = {}) {
  const project = await deployedProject(request);
  const { target } = project;
  const aws = connectAws({ ...project.aws.target, local: false }, {});
  const stack = await aws.stacks.find("lmi-hello");
  const outputs = stack?.outputs ?? {};
  return {
    target,
    aws,
    cwd: project.cwd,
    outputs,
    ec2: target.client(EC2Client),
    iam: target.client(IAMClient),
    doctor: () => doctorOn(aws, project.cwd),
    allow: (DesiredValue: number) =>
      target.client(ServiceQuotasClient).send(
        new RequestServiceQuotaIncreaseCommand({
          ServiceCode: "ec2",
          QuotaCode: "L-1216C47A",
          DesiredValue,
        }),
      ),
  };
}

const roleName = (arn = "") => arn.slice(arn.lastIndexOf("/") + 1);

/** As the bootstrap stack makes it. */
async function bootstrap(iam: IAMClient): Promise<string> {
  const RoleName = "cdk-hnb659fds-cfn-exec-role-000000000000-us-east-1";
  const trust = {
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "cloudformation.amazonaws.com" },
        Action: "sts:AssumeRole",
      },
    ],
  };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return RoleName;
}

test("a project that is deployed and well has no warning", async () => {
  const { doctor, allow, outputs, iam } = await deployed();
  await allow(64);
  await bootstrap(iam);
  const { error, checks } = await doctor();
  expect(error).toBeUndefined();
  const statuses = Object.values(checks).map(({ check, status }) => [check, status]);
  expect(statuses.filter(([, status]) => status === "failure")).toEqual([]);
  expect(checks).toMatchObject({
    "vcpu-quota": {
      status: "ok",
      evidence: expect.stringMatching(
        /^(\d+) of 64 vCPUs in use, \1 of them by this stack: 64 are left for its cap/,
      ),
    },
    "provider-quota": { status: "ok", evidence: "1 of 1000 capacity providers in us-east-1" },
    "version-quota": { status: "ok", evidence: expect.stringMatching(/^\d of 100 versions on /) },
    "instance-types": { status: "ok", evidence: expect.stringContaining("us-east-1a: ") },
    addresses: { status: "ok", evidence: expect.stringContaining(outputs["SubnetIds"] ?? "?") },
    egress: { status: "ok", evidence: expect.stringMatching(/default route to nat-/) },
    "operator-role": { status: "ok", evidence: expect.stringContaining("has AWSLambdaManaged") },
    permissions: { status: "ok", evidence: expect.stringContaining("user/lmi-local may do all") },
    "execution-role": { status: "ok", evidence: expect.stringContaining("may do all that") },
  });
});

test("vCPUs: a new account's quota is too small, a larger one may be smaller than the cap", async () => {
  const settings = { functions: { hello: { entry: "src/handler.ts", memory: 4096 } } };
  const { doctor, allow } = await deployed({ settings });
  const first = await doctor();
  expect(first.error).toMatchObject({ code: "LMI_CHECKS_FAILED", exitCode: 1 });
  expect(first.checks["vcpu-quota"]).toMatchObject({
    status: "failure",
    evidence: expect.stringMatching(/of 5 vCPUs in use.*VcpuLimitExceeded/),
    mend: expect.stringContaining("--quota-code L-1216C47A --desired-value 30"),
  });
  await allow(24);
  expect((await doctor()).checks["vcpu-quota"]).toMatchObject({
    status: "warning",
    evidence: expect.stringContaining("the cap of 30"),
  });
});

test("egress: without its route logs stay inside, until an endpoint takes them", async () => {
  const { ec2, doctor, outputs } = await deployed();
  const SubnetId = outputs["SubnetIds"] ?? "";
  const { RouteTables = [] } = await ec2.send(
    new DescribeRouteTablesCommand({
      Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }],
    }),
  );
  const { RouteTableId, VpcId } = RouteTables[0] ?? {};
  await ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0" }));
  expect((await doctor()).checks["egress"]).toMatchObject({
    status: "failure",
    evidence: `${SubnetId} (us-east-1a): no way out for logs: it has no default route for IPv4`,
    mend: expect.stringContaining("NAT gateway"),
  });
  const group = outputs["SecurityGroupId"] ?? "";
  const endpoint = {
    VpcId,
    ServiceName: "com.amazonaws.us-east-1.logs",
    VpcEndpointType: "Interface" as const,
    SubnetIds: [SubnetId],
    SecurityGroupIds: [group],
    PrivateDnsEnabled: true,
  };
  await ec2.send(new CreateVpcEndpointCommand(endpoint));
  expect((await doctor()).checks["egress"]).toMatchObject({
    status: "failure",
    evidence: expect.stringMatching(/vpce-\w+ does not admit the instances on port 443/),
  });
});

test("operator role: without its policy, without trust", async () => {
  const { iam, doctor, outputs, target } = await deployed();
  const RoleName = roleName(outputs["OperatorRoleArn"]);
  const PolicyArn = "arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator";
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  const check = async () => (await doctor()).checks["operator-role"];
  expect(await check()).toMatchObject({
    status: "failure",
    evidence: expect.stringContaining("may not ec2:DescribeInstanceTypes"),
    // Whoever pastes it means no other account.
    mend: `aws iam attach-role-policy --role-name ${RoleName} --policy-arn ${PolicyArn} --endpoint-url ${target.endpoint} --region us-east-1`,
  });
  const own = (Action: string) =>
    iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: "own",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action, Resource: "*" }],
        }),
      }),
    );
  await own("ec2:*");
  expect(await check()).toMatchObject({
    status: "warning",
    evidence: expect.stringMatching(/may not logs:CreateLogGroup.*log stays empty/),
  });
  await own("*");
  expect(await check()).toMatchObject({
    status: "warning",
    evidence: expect.stringContaining("of its own"),
  });
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  expect(await check()).toMatchObject({
    status: "failure",
    evidence: `${RoleName} does not trust lambda.amazonaws.com`,
  });
});

test("a permission that is missing is that check's own warning, and names the action", async () => {
  const { target, doctor } = await deployed();
  await target.faults.add({ fault: "access-denied", service: "iam", operation: "GetRole" });
  await target.faults.add({ fault: "access-denied", service: "servicequotas" });
  const { checks } = await doctor();
  expect(checks).toMatchObject({
    "operator-role": {
      status: "warning",
      evidence: "not known: iam:GetRole is not allowed to the caller",
    },
    "vcpu-quota": {
      status: "warning",
      evidence: "not known: servicequotas:GetServiceQuota is not allowed to the caller",
    },
    egress: { status: "ok" },
  });
});

const policyName = (document: object) => ({
  PolicyName: "printed",
  PolicyDocument: JSON.stringify(document),
});

test("a role with the printed policies may do all that is asked for; without them it is told what", async () => {
  const { target, iam, aws, cwd } = await deployed();
  const execution = await bootstrap(iam);
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: "Developer",
      Path: "/team/",
      AssumeRolePolicyDocument: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  const assume = new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "me" });
  const { Credentials } = await target.client(STSClient).send(assume);
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  const developer = connectAws({ ...aws.target, credentials }, {});
  const checks = async () => (await doctorOn(developer, cwd)).checks;
  const before = await checks();
  expect(before["permissions"]).toMatchObject({
    status: "failure",
    evidence: expect.stringMatching(/^role\/team\/Developer may not sts:AssumeRole/),
  });
  const print = async (policy: "caller" | "execution") => {
    const { reporter } = await doctorOn(developer, cwd, { options: { policy } });
    return reporter.results[0] as object;
  };
  await iam.send(
    new PutRolePolicyCommand({ RoleName: "Developer", ...policyName(await print("caller")) }),
  );
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam.send(new DetachRolePolicyCommand({ RoleName: execution, PolicyArn }));
  const between = await checks();
  expect(between).toMatchObject({
    permissions: { status: "ok" },
    "execution-role": { status: "failure", evidence: expect.stringContaining("and") },
  });
  await iam.send(
    new PutRolePolicyCommand({ RoleName: execution, ...policyName(await print("execution")) }),
  );
  expect(await checks()).toMatchObject({
    permissions: { status: "ok" },
    "execution-role": { status: "ok" },
  });
});

test("missing lambda:PassCapacityProvider is found before a version fails for it", async () => {
  const { iam, aws, cwd } = await deployed();
  const RoleName = await bootstrap(iam);
  const deny = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Action: "lambda:PassCapacityProvider", Resource: "*" }],
  };
  await iam.send(new PutRolePolicyCommand({ RoleName, ...policyName(deny) }));
  const running = { now: 0, most: 0 };
  const simulate: typeof aws.roles.simulate = async (...request) => {
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    const decisions = await aws.roles.simulate(...request);
    running.now -= 1;
    return decisions;
  };
  const counting = { ...aws, roles: { ...aws.roles, simulate } };
  expect((await doctorOn(counting, cwd)).checks["execution-role"]).toMatchObject({
    status: "failure",
    evidence: `${RoleName} may not lambda:PassCapacityProvider (simulated)`,
  });
  // Two for each of the checks of permissions, which go on beside each other.
  expect(running.most).toBeLessThanOrEqual(4);
});
