// A function, its provider and a parameter. `-c variant=broken` fails while it is deployed, since the code throws when it
// is loaded; `fixed` is what a person would deploy next. `-c name=…` gives the stack's name.
import { App, CfnOutput, RemovalPolicy, Stack } from "aws-cdk-lib";
import { SecurityGroup, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import {
  CapacityProvider,
  Code,
  Function as LambdaFunction,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { StringParameter } from "aws-cdk-lib/aws-ssm";

const app = new App();
const variant = app.node.tryGetContext("variant") ?? "first";
const name = app.node.tryGetContext("name") ?? "fragile";
const stack = new Stack(app, name);
const vpc = new Vpc(stack, "Vpc", {
  maxAzs: 1,
  natGateways: 0,
  subnetConfiguration: [{ name: "public", subnetType: SubnetType.PUBLIC }],
});
const provider = new CapacityProvider(stack, "Provider", {
  subnets: vpc.publicSubnets,
  securityGroups: [new SecurityGroup(stack, "Closed", { vpc })],
});
const first = "exports.handler = async () => 'first';";
const fn = new LambdaFunction(stack, "Function", {
  functionName: name,
  runtime: Runtime.NODEJS_24_X,
  handler: "index.handler",
  memorySize: 2048,
  code: Code.fromInline(
    variant === "broken" ? "throw new Error('no such table');" : first.replace("first", variant),
  ),
});
provider.addFunction(fn);
// Before the function, so that a failing update has changed it already.
const parameter = new StringParameter(stack, "Parameter", {
  parameterName: `/${name}/variant`,
  stringValue: variant,
});
fn.node.addDependency(parameter);
if (variant !== "first") {
  fn.node.addDependency(
    new LogGroup(stack, "Added", {
      logGroupName: `/${name}/added`,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  );
}
new CfnOutput(stack, "Variant", { value: variant });
