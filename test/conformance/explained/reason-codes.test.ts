import { LambdaClient, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import { failingStack, propertiesOf } from "../../helpers/failing-stack.ts";

let changes = 0;

/** Any change of the function publishes it anew. */
function changeFunction(resources: Parameters<typeof propertiesOf>[0]): void {
  changes += 1;
  propertiesOf(resources, "AWS::Lambda::Function")["Description"] = `change ${changes}`;
}

interface Case {
  readonly rule: FaultRule;
  readonly says: readonly (RegExp | string)[];
}

const version = (code: string): FaultRule => ({ fault: "failed-version", code, times: 1 });
const launch = (code: string): FaultRule => ({ fault: "failed-launch", code, times: 1 });
const launchFailed = /^ {2}\d\d:\d\d:\d\d {2}provider log +LaunchFailed {2}\S+ us-east-1a: /m;

const ofInstances: readonly Case[] = [
  {
    rule: launch("VcpuLimitExceeded"),
    says: [
      launchFailed,
      "current vCPU limit of 32 allows",
      "It is 32 vCPUs. The provider may grow to 30.",
      "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value 64",
      "LMI_EC2_QUOTA · lmi explain LMI_EC2_QUOTA",
    ],
  },
  {
    rule: launch("EC2RequestLimitExceeded"),
    says: [launchFailed, "EC2 limited the rate of requests", "Wait a minute", "LMI_EC2_THROTTLED"],
  },
  {
    rule: { fault: "insufficient-capacity", times: 3 },
    says: [
      launchFailed,
      /Tried: \S+, \S+, \S+ in us-east-1a; Lambda may choose among all types/,
      "lmi deploy --local --azs 3",
      "LMI_INSUFFICIENT_CAPACITY",
    ],
  },
  {
    rule: launch("SubnetOutOfIPAddresses"),
    says: [launchFailed, "not enough free addresses in subnet", "--subnet-ids", "LMI_SUBNET_FULL"],
  },
  {
    rule: { fault: "failed-launch", reason: "It burnt down.", times: 3 },
    says: [launchFailed, "It burnt down.", "its instances did not come up", "LMI_LAMBDA_INTERNAL"],
  },
  {
    rule: version("InternalError"),
    says: ["Lambda met an internal error", "lambda:PassCapacityProvider", "lmi doctor"],
  },
  {
    rule: { fault: "unhealthy-instance", times: 3 },
    says: [
      /provider log +HealthCheckFailed {2}i-\w+ \S+ us-east-1a: The instance did not pass/,
      "its instances do not become healthy.",
      "3 instances were launched, failed the health check and ended.",
      "LMI_LAMBDA_INTERNAL",
    ],
  },
  {
    rule: version("DisallowedByVpcEncryptionControl"),
    says: ["the VPC's encryption controls", "--instance-types", "LMI_VPC_ENCRYPTION"],
  },
];

const ofCode: readonly Case[] = [
  {
    rule: version("FunctionError.InitTimeout"),
    says: [
      "Loading may take 130 s: as long as the function's timeout (30 s)",
      "egress (nat)",
      "lmi deploy --local --timeout 260",
      "LMI_INIT_FAILED",
    ],
  },
  {
    rule: version("FunctionError.InitResourceExhausted"),
    says: [
      "memory or disk ran out",
      "It has 2048 MB for 1 vCPU(s)",
      "8 worker threads load the code, each for itself",
      "lmi deploy --local --memory 4096",
      "LMI_INIT_RESOURCES",
    ],
  },
  ...(
    [
      ["ExtensionInitError", "an extension of it failed to start"],
      ["InvalidEntryPoint", "its entry point cannot be started"],
      ["InvalidWorkingDirectory", "its working directory does not exist"],
      ["PermissionDenied", "a file of it may not be executed or read"],
      ["TooManyExtensions", "it has more than ten extensions"],
    ] as const
  ).map(([code, words]) => ({
    rule: version(`FunctionError.${code}`),
    says: [words, "LMI_INIT_FAILED"],
  })),
  {
    rule: version("InvalidSecurityGroup"),
    says: ["a security group of its capacity provider does not exist", "LMI_VERSION_FAILED"],
  },
  { rule: version("KMSKeyAccessDenied"), says: ["its KMS key may not be used"] },
];

/** What each failure must have said and has not: `<reason code>: <words>`. */
async function unsaid(cases: readonly Case[]): Promise<string[]> {
  const { update } = await failingStack();
  const missing: string[] = [];
  for (const { rule, says } of cases) {
    const { code, stderr } = await update(changeFunction, rule);
    const always = [updateFailed, "the last good version goes on answering"];
    const wanted = [...always, ...says].filter((words) => !isSaid(words, stderr));
    const name = rule.code ?? rule.fault;
    missing.push(...wanted.map((words) => `${name}: ${words}`));
    if (code !== 1) missing.push(`${name}: exit code ${code}`);
  }
  return missing;
}

const updateFailed =
  /^ {2}\d\d:\d\d:\d\d {2}CloudFormation +HelloLambda UPDATE_FAILED: Version \$LATEST/m;

function isSaid(words: RegExp | string, text: string): boolean {
  return typeof words === "string" ? text.includes(words) : words.test(text);
}

test("reason codes of instances are explained with the provider's log and the project's figures", async () => {
  expect(await unsaid(ofInstances)).toEqual([]);
}, 120_000);

test("reason codes of the function's code are explained with what mends them", async () => {
  expect(await unsaid(ofCode)).toEqual([]);
}, 120_000);

const capped = (maxVCpu: number) => (resources: Parameters<typeof propertiesOf>[0]) => {
  propertiesOf(resources, "AWS::Lambda::Function")["MemorySize"] = 8192;
  const provider = propertiesOf(resources, "AWS::Lambda::CapacityProvider");
  provider["CapacityProviderScalingConfig"] = { MaxVCpuCount: maxVCpu };
};

test("CapacityProviderScalingLimitExceeded: the cap that is proposed is one that works", async () => {
  const { update, project } = await failingStack({ capacity: { maxVCpu: 12 } });
  const larger = {
    name: "hello",
    capacity: { maxVCpu: 12 },
    functions: { hello: { entry: "src/handler.ts", memory: 8192 } },
  };
  await writeFile(join(project.cwd, "lmi.json"), JSON.stringify(larger));
  const { code, stderr } = await update(capped(12));
  expect(code).toBe(1);
  expect(stderr).toMatch(launchFailed);
  expect(stderr).toContain("would exceed MaxVCpuCount (4 of 12 vCPUs in use)");
  // The rollback publishes again, and may have launched one more by then.
  expect(stderr).toMatch(/^ {2}now +instances +([12]) running: \1 × c\S+\.xlarge/m);
  expect(stderr).toContain("3 environments × 4 vCPUs, twice while the new version starts");
  expect(stderr).toContain("LMI_CAPACITY_LIMIT · lmi explain LMI_CAPACITY_LIMIT");
  const proposed = /Raise the cap to at least (\d+): {2}lmi deploy --local --max-vcpu \1$/m.exec(
    stderr,
  );
  expect(proposed).not.toBeNull();
  expect(await update(capped(Number(proposed?.[1])))).toMatchObject({ code: 0 });
}, 120_000);

test("CapacityProviderScalingLimitExceeded: older versions that run are named, and have room under the proposed cap", async () => {
  const { update, project } = await failingStack({ capacity: { maxVCpu: 16 } });
  const lambda = project.target.client(LambdaClient);
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: "hello" }));
  const isActive = async () => (await project.aws.functions.find("hello", Version))?.state;
  await expect.poll(isActive, { timeout: 30_000 }).toBe("Active");
  const larger = {
    name: "hello",
    capacity: { maxVCpu: 16 },
    functions: { hello: { entry: "src/handler.ts", memory: 8192 } },
  };
  await writeFile(join(project.cwd, "lmi.json"), JSON.stringify(larger));
  const { stderr } = await update(capped(16));
  expect(stderr).toContain(`1 more for what runs besides (hello:${Version} with 3 environments),`);
  expect(stderr).toMatch(/lmi versions --local --prune --keep 0$/m);
  const proposed = /Raise the cap to at least (\d+):/.exec(stderr);
  expect(await update(capped(Number(proposed?.[1])))).toMatchObject({ code: 0 });
}, 120_000);

test("RuntimeInitError: the function's own lines, with the place in its source", async () => {
  const { update } = await failingStack();
  const broken = 'const key = undefined;\nthrow new Error("DATABASE_URL is not set");';
  const { code, stderr } = await update((resources) => {
    propertiesOf(resources, "AWS::Lambda::Function")["Code"] = { ZipFile: broken };
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^ {2}\d\d:\d\d:\d\d {2}function log +Error: DATABASE_URL is not set {3}at index\.js:2:7/m,
  );
  expect(stderr).toContain("Mend the code, then: lmi deploy --local");
  expect(stderr).toContain("LMI_INIT_FAILED");
}, 120_000);

test("a log that may not be read is said to be so, and the failure is explained all the same", async () => {
  const { update } = await failingStack();
  const { code, stderr } = await update(
    changeFunction,
    { fault: "access-denied", service: "logs", operation: "FilterLogEvents" },
    launch("VcpuLimitExceeded"),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/The provider's log could not be read: .*logs:FilterLogEvents/);
  expect(stderr).toContain("LMI_EC2_QUOTA");
}, 120_000);

test("InitResourceExhausted: memory that really runs out while the code loads is told as that", async () => {
  const { update } = await failingStack();
  const greedy = "const all = []; for (;;) all.push(new Array(100_000).fill(all.length));";
  const { code, stderr } = await update((resources) => {
    const properties = propertiesOf(resources, "AWS::Lambda::Function");
    properties["Code"] = { ZipFile: greedy };
    properties["Environment"] = { Variables: { AWS_LAMBDA_NODEJS_WORKER_COUNT: "2" } };
  });
  expect(code).toBe(1);
  expect(stderr).toContain("FunctionError.InitResourceExhausted: The function ran out of memory");
  expect(stderr).toMatch(
    /function log +init ended with error after \d+\.\d s: Runtime\.OutOfMemory/,
  );
  expect(stderr).toContain("Give it more memory: lmi deploy --local --memory 4096");
  expect(stderr).toContain("LMI_INIT_RESOURCES");
}, 120_000);
