// Ten functions on two capacity providers, with AWS's own higher constructs. `-c variant=second` changes one function's
// code, another one's memory, and moves a third to the other provider; `-c variant=bigger` changes a provider in place.
import { join } from "node:path";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { SecurityGroup, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import {
  Architecture,
  CapacityProvider,
  Code,
  Function as LambdaFunction,
  Runtime,
  ScalingOptions,
  TargetTrackingScalingPolicy,
} from "aws-cdk-lib/aws-lambda";

const app = new App();
const variant = app.node.tryGetContext("variant") ?? "first";
const stack = new Stack(app, "fleet");
const vpc = new Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 1 });
const network = {
  subnets: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnets,
  securityGroups: [new SecurityGroup(stack, "Closed", { vpc })],
  architectures: [Architecture.X86_64],
};
const web = new CapacityProvider(stack, "Web", {
  ...network,
  maxVCpuCount: variant === "bigger" ? 200 : 100,
});
const jobs = new CapacityProvider(stack, "Jobs", {
  ...network,
  scalingOptions: ScalingOptions.manual([TargetTrackingScalingPolicy.cpuUtilization(40)]),
});

const inline = (word) =>
  Code.fromInline(`exports.handler = async (event) => ({ word: "${word}", event });`);

for (let index = 0; index < 10; index += 1) {
  const changed = variant !== "first";
  const fn = new LambdaFunction(stack, `Function${index}`, {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code:
      index < 2
        ? inline(changed && index === 0 ? "second" : "first")
        : Code.fromAsset(join(import.meta.dirname, "hello")),
    memorySize: changed && index === 2 ? 4096 : 2048,
    environment: { NUMBER: String(index) },
  });
  const onJobs = index >= 5 !== (changed && index === 4);
  (onJobs ? jobs : web).addFunction(fn, {
    perExecutionEnvironmentMaxConcurrency: 10 + index,
    executionEnvironmentMemoryGiBPerVCpu: 2,
    latestPublishedScalingConfig: { minExecutionEnvironments: 1, maxExecutionEnvironments: 4 },
  });
  new CfnOutput(stack, `Name${index}`, { value: fn.functionName });
}
new CfnOutput(stack, "WebArn", { value: web.capacityProviderArn });
new CfnOutput(stack, "JobsArn", { value: jobs.capacityProviderArn });
