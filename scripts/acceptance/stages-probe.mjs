// What no documentation says: functions and providers that AWS may refuse, each created without being published, which
// starts nothing and costs nothing, and deleted again.
import {
  CreateCapacityProviderCommand,
  CreateFunctionCommand,
  DeleteCapacityProviderCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";

import { attempt, verdict } from "./facts.mjs";
import { functionName, prefix, tag } from "./project.mjs";
import { pause } from "./steps.mjs";

const code = () =>
  zipSync({ "index.mjs": new TextEncoder().encode("export const handler = async () => 1;\n") });

async function baseFunction({ place, token, capacityProvider }) {
  const { Role } = await place.clients.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName(token) }),
  );
  return {
    Role,
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Code: { ZipFile: code() },
    MemorySize: 2048,
    Tags: { [tag]: token },
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: capacityProvider.CapacityProviderArn,
      },
    },
  };
}

/** id → what differs from a function that is accepted, and what is known about it. */
function functionCases({ capacityProvider }) {
  const instances = (more) => ({
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: capacityProvider.CapacityProviderArn,
        ...more,
      },
    },
  });
  const { SubnetIds, SecurityGroupIds } = capacityProvider.VpcConfig;
  return {
    accepted: [{}, "accepted"],
    "nodejs20.x": [
      { Runtime: "nodejs20.x" },
      'as python3.12: "Runtime Enum … does not support specified feature: Lambda Managed Instances"',
    ],
    "nodejs26.x": [{ Runtime: "nodejs26.x" }, "unknown (public preview since 2026-08-25)"],
    "python3.12": [
      { Runtime: "python3.12", Handler: "index.handler" },
      "Runtime Enum python3.12 does not support specified feature: Lambda Managed Instances (cdk-preflight)",
    ],
    memory1024: [{ MemorySize: 1024 }, "refused below 2048 MB"],
    memory3000: [{ MemorySize: 3000 }, "refused: a multiple of ratio × 1024"],
    ratio3: [instances({ ExecutionEnvironmentMemoryGiBPerVCpu: 3 }), "refused: 2, 4 or 8"],
    ratio4Of2048: [
      instances({ ExecutionEnvironmentMemoryGiBPerVCpu: 4 }),
      "Memory ratio of 4096.0MB per CPU exceeds function's total memory (cookbook)",
    ],
    concurrency65: [
      instances({ PerExecutionEnvironmentMaxConcurrency: 65 }),
      "refused above 64 for each vCPU",
    ],
    arm64: [{ Architectures: ["arm64"] }, "refused: the provider's architecture"],
    textLogs: [{ LoggingConfig: { LogFormat: "Text" } }, "refused: JSON only"],
    vpcConfig: [{ VpcConfig: { SubnetIds, SecurityGroupIds } }, "unknown: refused or ignored"],
    snapStart: [{ SnapStart: { ApplyOn: "PublishedVersions" } }, "not supported"],
    tenancy: [{ TenancyConfig: { TenantIsolationMode: "PER_TENANT" } }, "unknown"],
    timeout901: [
      { Timeout: 901 },
      "900 s for synchronous requests; 5400 s for others since 2026-09-09",
    ],
    noSuchProvider: [
      instances({ CapacityProviderArn: `${capacityProvider.CapacityProviderArn}-none` }),
      "unknown",
    ],
  };
}

export async function functions(context) {
  const base = await baseFunction(context);
  const { lambda } = context.place.clients;
  for (const [id, [more, documented]] of Object.entries(functionCases(context))) {
    context.stop.check();
    const FunctionName = `${prefix}${context.token}-${id.replaceAll(".", "-")}`;
    const answer = await attempt(() =>
      lambda.send(new CreateFunctionCommand({ ...base, FunctionName, ...more })),
    );
    context.facts.record(
      `createFunction.${id}`,
      { ...verdict(answer), state: answer.output?.State },
      documented,
    );
    if (answer.accepted) await discard(context, FunctionName);
    await pause(context, context.place.pause.write);
  }
  await existing(context);
}

async function discard(context, FunctionName) {
  const { lambda } = context.place.clients;
  const deleted = await attempt(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  // 202: Lambda deletes functions on managed instances while it answers.
  const status = deleted.output?.$metadata?.httpStatusCode ?? deleted.status;
  context.facts.record("deleteFunction.status", status, "202");
}

/** What an existing function does not become. */
async function existing(context) {
  const { lambda } = context.place.clients;
  const FunctionName = functionName(context.token);
  const reserved = await attempt(() =>
    lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }),
    ),
  );
  context.facts.record("reservedConcurrency", verdict(reserved), "unknown");
  const loggingText = await attempt(() =>
    lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        LoggingConfig: { LogFormat: "Text" },
      }),
    ),
  );
  context.facts.record("updateFunction.textLogs", verdict(loggingText), "refused");
}

const scaling = (MaxVCpuCount) => ({ CapacityProviderScalingConfig: { MaxVCpuCount } });
const requirements = (more) => ({
  InstanceRequirements: { Architectures: ["x86_64"], ...more },
});

function providerCases() {
  return {
    max1: [scaling(1), "refused: 2 to 15000 (API), 12 to 15000 (CDK, Serverless)"],
    max2: [scaling(2), "unknown: 2 (API model) or 12 (CDK)"],
    max11: [scaling(11), "unknown: 2 (API model) or 12 (CDK)"],
    max15001: [scaling(15001), "refused"],
    burstable: [
      requirements({ AllowedInstanceTypes: ["t3.large"] }),
      "refused (aws-cdk PR 36938 saw t2.micro refused)",
    ],
    cLarge: [
      requirements({ AllowedInstanceTypes: ["c6i.large"] }),
      "unknown: C from .large or from .xlarge",
    ],
    wildcard: [
      requirements({ ExcludedInstanceTypes: ["c6i.*"] }),
      "unknown: the guide has wildcards, the API pattern has not",
    ],
    noSecurityGroups: [
      { VpcConfig: { SecurityGroupIds: [] } },
      "unknown: the guide names the VPC's default group",
    ],
  };
}

export async function providers(context) {
  const { lambda } = context.place.clients;
  const { VpcConfig, PermissionsConfig } = context.capacityProvider;
  for (const [id, [more, documented]] of Object.entries(providerCases())) {
    context.stop.check();
    const CapacityProviderName = `${prefix}${context.token}-${id}`;
    const answer = await attempt(() =>
      lambda.send(
        new CreateCapacityProviderCommand({
          CapacityProviderName,
          PermissionsConfig,
          Tags: { [tag]: context.token },
          ...more,
          VpcConfig: { ...VpcConfig, ...more.VpcConfig },
        }),
      ),
    );
    context.facts.record(
      `createProvider.${id}`,
      { ...verdict(answer), state: answer.output?.CapacityProvider?.State },
      documented,
    );
    await pause(context, context.place.pause.write);
  }
  const inUse = await attempt(() =>
    lambda.send(new DeleteCapacityProviderCommand({ CapacityProviderName: context.provider })),
  );
  context.facts.record(
    "deleteProvider.inUse",
    verdict(inUse),
    "The capacity provider is currently in use by 1 functions. To delete this capacity provider, first remove its association with … (serverless)",
  );
}
