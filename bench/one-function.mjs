// One function on a capacity provider with the least around it, through the services' own APIs.
import { zipSync } from "fflate";

import { expectOk, query, send } from "./target.mjs";

const post = async (endpoint, path, input) =>
  JSON.parse(expectOk(await send(endpoint, "lambda", { path, body: JSON.stringify(input) }), path));
const get = async (endpoint, path) =>
  JSON.parse(expectOk(await send(endpoint, "lambda", { method: "GET", path }), path));

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
});

/** Resolves when the function's published version is Active. */
export async function deployOne(endpoint, { name, source, logGroupName, maxConcurrency }) {
  const ec2 = async (Action, parameters, tag) =>
    new RegExp(`<${tag}>([^<]+)`).exec(await query(endpoint, "ec2", Action, parameters))?.[1];
  const VpcId = await ec2("CreateVpc", { CidrBlock: "10.0.0.0/16" }, "vpcId");
  const subnet = await ec2("CreateSubnet", { VpcId, CidrBlock: "10.0.0.0/24" }, "subnetId");
  const group = { VpcId, GroupName: "bench", GroupDescription: "bench" };
  const groupId = await ec2("CreateSecurityGroup", group, "groupId");
  const made = await query(endpoint, "iam", "CreateRole", {
    RoleName: "bench",
    AssumeRolePolicyDocument: trust,
  });
  const role = /<Arn>([^<]+)/.exec(made)?.[1];
  const { CapacityProvider: provider } = await post(endpoint, "/2025-11-30/capacity-providers", {
    CapacityProviderName: "bench",
    VpcConfig: { SubnetIds: [subnet], SecurityGroupIds: [groupId] },
    PermissionsConfig: { CapacityProviderOperatorRoleArn: role },
  });
  await until(async () => {
    const path = "/2025-11-30/capacity-providers/bench";
    return (await get(endpoint, path)).CapacityProvider.State === "Active";
  });
  await post(endpoint, "/2015-03-31/functions", {
    FunctionName: name,
    Role: role,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    MemorySize: 2048,
    Code: { ZipFile: zipped(source) },
    LoggingConfig: { LogFormat: "JSON", LogGroup: logGroupName },
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: provider.CapacityProviderArn,
        ExecutionEnvironmentMemoryGiBPerVCpu: 2,
        PerExecutionEnvironmentMaxConcurrency: maxConcurrency,
      },
    },
    PublishTo: "LATEST_PUBLISHED",
  });
  const path = `/2015-03-31/functions/${name}/configuration?Qualifier=$LATEST.PUBLISHED`;
  await until(async () => {
    const { State, StateReason } = await get(endpoint, path);
    if (State === "Failed") throw new Error(`${name} failed: ${StateReason}`);
    return State === "Active";
  });
}

function zipped(source) {
  return Buffer.from(zipSync({ "index.js": Buffer.from(source) })).toString("base64");
}

async function until(isSo) {
  while (!(await isSo())) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
