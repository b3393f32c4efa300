import { DeleteRouteCommand, DescribeRouteTablesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adviceIn, limboStack, nextIn } from "../../helpers/limbo-stack.ts";
import { createStack, publishVersions } from "../../helpers/managed-stack.ts";

/** Known problems that come of use, of others and of the user's own code, not of a deployment's reason code. */
const attach = ["deploy", "--local", "--attach", "--no-probe"] as const;
const destroy = ["destroy", "--local", "--yes"] as const;
const limit = 120_000;

const code = (source: string) => ({ Code: { ZipFile: source } });

test(
  "functions of another stack hold the provider: destroy names them before and after CloudFormation failed",
  async () => {
    const stack = await limboStack();
    const { Resources } = await stack.template();
    const own = Object.values(Resources).find(({ Type }) => Type === "AWS::Lambda::Function");
    const resources = await stack.aws.stacks.resources("lmi-hello");
    const roles = resources.flatMap(({ type, physicalId }) =>
      type === "AWS::IAM::Role" && physicalId?.includes("HelloLambda") ? [physicalId] : [],
    );
    const deployed = await stack.aws.stacks.find("lmi-hello");
    const provider = { CapacityProviderArn: deployed?.outputs["CapacityProviderArn"] };
    const Theirs = {
      Type: "AWS::Lambda::Function",
      Properties: {
        Code: own?.Properties["Code"],
        Handler: "index.handler",
        Runtime: "nodejs24.x",
        MemorySize: 2048,
        FunctionName: "theirs",
        Role: `arn:aws:iam::000000000000:role/${roles[0]}`,
        CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: provider },
        PublishToLatestPublished: true,
      },
    };
    await createStack(stack.target, "theirs", JSON.stringify({ Resources: { Theirs } }));
    const before = await stack.lmi(...destroy);
    expect(await stack.remove()).toBe("DELETE_FAILED");
    for (const told of [before, await stack.lmi(...destroy)]) {
      expect(told.code).toBe(2);
      expect(told.stderr).toContain("also used by function theirs of somebody else.");
      expect(told.stderr).toContain("theirs  of stack theirs: $LATEST, $LATEST.PUBLISHED");
    }
    const attached = await stack.lmi(...attach);
    expect(attached.code).toBe(3);
    expect(attached.stderr).toMatch(
      /capacity provider +lmi-hello-CapacityProvider-\S+\n +The capacity provider is currently in use by 1 func/,
    );
    const seen = await stack.lmi("status", "--local");
    expect(seen.stdout).toMatch(/^Failed .*remove its association with \S+:function:theirs$/m);
    await stack.type(adviceIn(before));
    await expect.poll(() => stack.aws.stacks.find("theirs")).toBeUndefined();
    await stack.type(nextIn(seen));
    expect(await stack.status()).toBeUndefined();
  },
  limit,
);

test(
  "memory that does not fit is refused beforehand with the nearest that does; past that, CloudFormation's refusal is explained",
  async () => {
    const stack = await limboStack();
    const refused = await stack.lmi("deploy", "--local", "--yes", "--memory", "2096");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      "must be a multiple of 2048 MB at 2 GiB per vCPU, from 2048 to",
    );
    expect(refused.stderr).toContain("nearest: 2048");
    expect(await stack.update({}, { MemorySize: 2096 })).toBe("UPDATE_ROLLBACK_COMPLETE");
    const told = await stack.lmi(...attach);
    expect(told.code).toBe(1);
    expect(told.stderr).toMatch(
      /\d\d {2}CloudFormation {2}HelloLambda UPDATE_FAILED: Memory ratio of/,
    );
    expect(told.stderr).toContain("its memory does not fit its vCPUs");
  },
  limit,
);

test(
  "capacity that is not ready after a deploy: the first answer is waited for, and invoke says to try again",
  async () => {
    const stack = await limboStack({});
    const notYet = { fault: "throttle", service: "lambda", operation: "Invoke" } as const;
    await stack.target.faults.add({ ...notYet, times: 3 });
    const refused = await stack.lmi("invoke", "--local");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Try again in a moment");
    stack.target.faults.clear();
    await stack.target.faults.add({ ...notYet, times: 7 });
    const deployed = await stack.lmi("deploy", "--local", "--yes");
    expect(deployed).toMatchObject({ code: 0 });
    expect(deployed.stderr).toMatch(/First answer 200 in \d+ ms/);
    expect(stack.target.faults.list()).toMatchObject([{ hits: 7 }]);
  },
  limit,
);

test(
  "429 at little traffic: invoke says what is full and what gives more room, status since when",
  async () => {
    const one = { concurrency: 1, minEnvironments: 1, maxEnvironments: 1 };
    const hello = { entry: "src/handler.ts", ...one };
    const stack = await limboStack({ settings: { functions: { hello } } });
    const slow = "exports.handler = () => new Promise((done) => setTimeout(done, 3000, 1));";
    expect(await stack.update({}, code(slow))).toBe("UPDATE_COMPLETE");
    const lambda = stack.target.client(LambdaClient);
    const busy = lambda.send(new InvokeCommand({ FunctionName: "hello" }));
    await new Promise((done) => setTimeout(done, 300));
    const refused = await stack.lmi("invoke", "--local");
    expect(refused.code).toBe(1);
    expect((await busy).StatusCode).toBe(200);
    expect(refused.stderr).toContain(
      "ConcurrentInvocationLimitExceeded: every execution environment is full",
    );
    expect(refused.stderr).toContain("1 at least and 1 at most");
    expect(refused.stderr).toContain(
      "More room: lmi deploy --local --min-environments 2 --max-environments 2",
    );
    const seen = await stack.lmi("status", "--local");
    expect(seen.stdout).toMatch(/^ +throttled: environments-full: 1 of 1 requests at once/m);
  },
  limit,
);

test(
  "the 101st version is refused, status and versions say so, and pruning makes room",
  async () => {
    const stack = await limboStack();
    const lambda = stack.target.client(LambdaClient);
    await publishVersions(lambda, "hello", 99);
    const another = () => publishVersions(lambda, "hello", 1);
    await expect(another()).rejects.toThrow(/number of function versions/);
    const seen = await stack.lmi("status", "--local");
    expect(seen.stdout).toMatch(/^Versions +100 of at most 100$/m);
    expect(seen.stdout).toMatch(/^Version +88 more: lmi versions --local$/m);
    const listed = await stack.lmi("versions", "--local");
    expect(listed.stderr).toContain("at 100 nothing can be published on it");
    const prune = /lmi versions --local --prune/.exec(listed.stderr)?.[0];
    await stack.type(`${prune} --yes`);
    await expect(another()).resolves.toHaveLength(1);
  },
  limit,
);

test(
  "lines of requests that run at once are told apart, and a logger that mixes them up is named",
  async () => {
    const stack = await limboStack({});
    const talking =
      "exports.handler = async ({ id }) => { for (const n of [1, 2, 3]) { console.log(`${id} ${n}`); await new Promise((d) => setTimeout(d, 60)); } };";
    await stack.update({}, code(talking));
    const lambda = stack.target.client(LambdaClient);
    const invoke = (id: string) =>
      lambda.send(
        new InvokeCommand({ FunctionName: "hello", Payload: Buffer.from(JSON.stringify({ id })) }),
      );
    await Promise.all([invoke("a"), invoke("b")]);
    const grouped = async () =>
      (await stack.lmi("logs", "--local", "--group", "--since", "5m")).stdout;
    await expect.poll(async () => (await grouped()).match(/ report /g)).toHaveLength(2);
    const words = [...(await grouped()).matchAll(/ ([ab] [123])$/gm)].map(([, said]) => said);
    expect([
      ["a 1", "a 2", "a 3", "b 1", "b 2", "b 3"],
      ["b 1", "b 2", "b 3", "a 1", "a 2", "a 3"],
    ]).toContainEqual(words);
    const dependencies = { "@aws-lambda-powertools/logger": "2.30.0" };
    await writeFile(join(stack.cwd, "package.json"), JSON.stringify({ dependencies }));
    const { stdout } = await stack.lmi("doctor", "--local");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "logger 2.30.0 mixes up requests that run at once → npm install @aws-lambda-powertools/logger@^2.35.0",
    );
  },
  limit,
);

test(
  "subnets with a way out over IPv6 alone: doctor says that logs have none, and what gives them one",
  async () => {
    const stack = await limboStack({ runs: false, settings: { network: { ipv6: true } } });
    const ec2 = stack.target.client(EC2Client);
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
    const route = { DestinationCidrBlock: "0.0.0.0/0" };
    for (const { RouteTableId, Routes = [] } of RouteTables)
      if (Routes.some(({ NatGatewayId }) => NatGatewayId))
        await ec2.send(new DeleteRouteCommand({ RouteTableId, ...route }));
    const doctor = await stack.lmi("doctor", "--local");
    expect(doctor.code).toBe(1);
    expect(doctor.stdout.replaceAll(/\s+/g, " ")).toMatch(
      /failure egress subnet-\w+ \(us-east-1a\): no way out for logs: it has no default route for IPv4 → Route 0\.0\.0\.0\/0 to a NAT gateway, or add an interface endpoint for logs/,
    );
  },
  limit,
);

test(
  "burstable types and a wrong name of the operator policy: refused beforehand, or explained with the right one",
  async () => {
    const stack = await limboStack();
    const project = { name: "hello", functions: { hello: { entry: "src/handler.ts" } } };
    const write = (more: object) =>
      writeFile(join(stack.cwd, "lmi.json"), JSON.stringify({ ...project, ...more }));
    await write({ capacity: { instanceTypes: { allow: ["t2.micro"] } } });
    const refused = await stack.lmi("deploy", "--local", "--yes");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("burstable instance type, which Managed Instances refuse");
    const wrong = "arn:aws:iam::aws:policy/service-role/AWSLambdaManagedEC2ResourceOperator";
    await write({ overrides: { OperatorRole: { Properties: { ManagedPolicyArns: [wrong] } } } });
    const deployed = await stack.lmi("deploy", "--local", "--yes", "--no-probe");
    expect(deployed.code).toBe(1);
    expect(deployed.stderr).toContain("OperatorRole (AWS::IAM::Role) could not be updated");
    expect(deployed.stderr).toContain(
      "arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator",
    );
    await write({});
    await stack.type("lmi deploy --local");
  },
  limit,
);

test(
  "a function that throws is told by invoke and deploy with the place in its source",
  async () => {
    const stack = await limboStack({});
    const source =
      "export const handler = async (): Promise<void> => {\n  throw new TypeError('no');\n};\n";
    await writeFile(join(stack.cwd, "src", "handler.ts"), source);
    const deployed = await stack.lmi("deploy", "--local", "--yes");
    expect(deployed).toMatchObject({ code: 0 });
    expect(deployed.stderr).toMatch(/answered with an error \(TypeError: no +at \S+:\d+:\d+\)/);
    const invoked = await stack.lmi("invoke", "--local");
    expect(invoked.code).toBe(1);
    expect(invoked.stderr).toMatch(
      /✗ hello failed: TypeError: no\n\n {2}at src\/handler\.ts:2:\d+\n/,
    );
  },
  limit,
);
