// Stacks of 10 and of 100 functions on 4 capacity providers: time and memory are to grow in proportion.
import { performance } from "node:perf_hooks";

import { childrenMemory, expectOk, query, send, startTarget } from "./target.mjs";

const providers = 4;
const megabyte = 1024 * 1024;
const ref = (name) => ({ Ref: name });
const att = (name, attribute) => ({ "Fn::GetAtt": [name, attribute] });

const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};

function numbered(count, make) {
  return Object.assign({}, ...Array.from({ length: count }, (_, index) => make(index)));
}

/** The network and the providers; the functions are what the measurement counts. */
function template(count) {
  const provider = (index) => ({
    [`Provider${index}`]: {
      Type: "AWS::Lambda::CapacityProvider",
      Properties: {
        VpcConfig: { SubnetIds: [ref("Subnet")], SecurityGroupIds: [att("Group", "GroupId")] },
        PermissionsConfig: { CapacityProviderOperatorRoleArn: att("Operator", "Arn") },
        CapacityProviderScalingConfig: { MaxVCpuCount: 400 },
      },
    },
  });
  const fn = (index) => ({
    [`Logs${index}`]: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 7 } },
    [`Role${index}`]: {
      Type: "AWS::IAM::Role",
      Properties: { AssumeRolePolicyDocument: trust },
    },
    [`Function${index}`]: {
      Type: "AWS::Lambda::Function",
      Properties: {
        Role: att(`Role${index}`, "Arn"),
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        MemorySize: 2048,
        Code: { ZipFile: `exports.handler = async () => ${index};` },
        LoggingConfig: { LogFormat: "JSON", LogGroup: ref(`Logs${index}`) },
        CapacityProviderConfig: {
          LambdaManagedInstancesCapacityProviderConfig: {
            CapacityProviderArn: att(`Provider${index % providers}`, "Arn"),
            ExecutionEnvironmentMemoryGiBPerVCpu: 2,
          },
        },
        FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 1 },
      },
    },
  });
  return JSON.stringify({
    Resources: {
      Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
      Subnet: {
        Type: "AWS::EC2::Subnet",
        Properties: { VpcId: ref("Vpc"), CidrBlock: "10.0.0.0/20" },
      },
      Group: {
        Type: "AWS::EC2::SecurityGroup",
        Properties: { GroupDescription: "none", VpcId: ref("Vpc") },
      },
      Operator: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: trust } },
      ...numbered(providers, provider),
      ...numbered(count, fn),
    },
    Outputs: numbered(count, (index) => ({
      [`Name${index}`]: { Value: ref(`Function${index}`) },
    })),
  });
}

/** Deploys `count` functions beside what is there; answers what they took, and leaves them. */
async function deploy(target, StackName, count) {
  const { endpoint } = target;
  const key = `/templates/${StackName}.json`;
  expectOk(await send(endpoint, "s3", { method: "PUT", path: key, body: template(count) }), key);
  const before = await target.memory();
  const started = performance.now();
  await query(endpoint, "cloudformation", "CreateStack", {
    StackName,
    TemplateURL: `${endpoint}${key}`,
    "Capabilities.member.1": "CAPABILITY_IAM",
  });
  const xml = await settled(endpoint, StackName);
  const milliseconds = performance.now() - started;
  const names = [...xml.matchAll(/<OutputKey>Name(\d+)<\/OutputKey>\s*<OutputValue>([^<]+)/g)].map(
    ([, index, name]) => ({ index, name }),
  );
  if (names.length !== count) throw new Error(`${names.length} of ${count} functions are there`);
  await Promise.all(
    names.map(async ({ index, name }) => {
      const path = `/2015-03-31/functions/${name}/invocations`;
      const answer = expectOk(await send(endpoint, "lambda", { path, body: "{}" }), name);
      if (answer !== index) throw new Error(`${name} answered ${answer}, not ${index}`);
    }),
  );
  const after = await target.memory();
  return {
    milliseconds,
    cpu: after.cpu - before.cpu,
    live: (after.live - before.live) / megabyte,
    resident: (after.rss - before.rss) / megabyte,
    children: childrenMemory(target.pid),
  };
}

async function settled(endpoint, StackName) {
  for (;;) {
    const xml = await query(endpoint, "cloudformation", "DescribeStacks", { StackName });
    const status = /<StackStatus>([^<]+)/.exec(xml)?.[1];
    if (status === "CREATE_COMPLETE" || status === "DELETE_COMPLETE") return xml;
    if (!status?.endsWith("_IN_PROGRESS")) {
      const events = await query(endpoint, "cloudformation", "DescribeStackEvents", { StackName });
      const failed = [...events.matchAll(/<ResourceStatusReason>([^<]+)/g)].map(([, why]) => why);
      throw new Error(`The stack is ${status}:\n${failed.join("\n")}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

/** Per function: milliseconds until the stack stands, live and resident MB in the target; each size on a target of its own. */
export async function manyFunctions(folder, env, count) {
  const target = await startTarget(folder, env);
  try {
    expectOk(await send(target.endpoint, "s3", { method: "PUT", path: "/templates" }), "bucket");
    // What a process loads once, whatever the stack, is not what a function takes.
    await deploy(target, "first", 1);
    const { milliseconds, cpu, live, resident, children } = await deploy(target, "measured", count);
    return {
      milliseconds: milliseconds / count,
      cpu: cpu / count,
      live: live / count,
      resident: resident / count,
      children,
    };
  } finally {
    await target.stop();
  }
}
