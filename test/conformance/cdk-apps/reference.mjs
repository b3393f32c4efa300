// The reference stack as a person would write it with AWS's own constructs: the same names, sizes and runtime as `lmi init`'s.
import { join } from "node:path";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { IpAddresses, SecurityGroup, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import {
  CapacityProvider,
  Code,
  Function as LambdaFunction,
  Runtime,
} from "aws-cdk-lib/aws-lambda";

const app = new App();
const stack = new Stack(app, "sample");
const vpc = new Vpc(stack, "Vpc", {
  ipAddresses: IpAddresses.cidr("10.0.0.0/16"),
  maxAzs: 1,
  natGateways: 1,
});
const provider = new CapacityProvider(stack, "CapacityProvider", {
  subnets: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnets,
  securityGroups: [new SecurityGroup(stack, "SecurityGroup", { vpc })],
  maxVCpuCount: 30,
});
const fn = new LambdaFunction(stack, "Function", {
  functionName: "cdk-managed-instance-function",
  runtime: Runtime.NODEJS_24_X,
  handler: "index.handler",
  memorySize: 2048,
  code: Code.fromAsset(app.node.tryGetContext("code") ?? join(import.meta.dirname, "hello")),
});
provider.addFunction(fn);
new CfnOutput(stack, "FunctionName", { value: fn.functionName });
