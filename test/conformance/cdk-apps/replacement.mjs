// A provider whose subnet, and a role whose path, change with `-c variant=second`: neither can be changed in place.
// `-c named=yes` gives the provider a name, which CloudFormation cannot replace; `-c broken=yes` lets the function fail
// after the new provider is there.
import { App, CfnDeletionPolicy, CfnOutput, Stack } from "aws-cdk-lib";
import { SecurityGroup, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  CapacityProvider,
  Code,
  Function as LambdaFunction,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";

const app = new App();
const context = (key, otherwise) => app.node.tryGetContext(key) ?? otherwise;
const second = context("variant", "first") === "second";
const named = context("named", "no") === "yes";
const broken = context("broken", "no") === "yes";
const stack = new Stack(app, named ? "named" : "moving");
const vpc = new Vpc(stack, "Vpc", {
  maxAzs: 2,
  natGateways: 0,
  subnetConfiguration: [{ name: "public", subnetType: SubnetType.PUBLIC }],
});
const operator = new Role(stack, "Operator", {
  assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
  path: second && !named ? "/second/" : "/first/",
  managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName("AWSLambdaManagedEC2ResourceOperator")],
});
const provider = new CapacityProvider(stack, "Provider", {
  capacityProviderName: named ? "named-provider" : undefined,
  operatorRole: operator,
  subnets: [vpc.publicSubnets[second ? 1 : 0]],
  securityGroups: [new SecurityGroup(stack, "Closed", { vpc })],
});
const fn = new LambdaFunction(stack, "Function", {
  runtime: Runtime.NODEJS_24_X,
  handler: "index.handler",
  memorySize: 2048,
  code: Code.fromInline(
    broken ? "throw new Error('not today');" : "exports.handler = async () => 'here';",
  ),
});
provider.addFunction(fn);
const kept = new CfnLogGroup(stack, "Kept", {
  logGroupName: `/${stack.stackName}/${second ? "second" : "first"}`,
});
kept.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
kept.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;

new CfnOutput(stack, "FunctionOut", { value: fn.functionName });
new CfnOutput(stack, "ProviderOut", { value: provider.capacityProviderArn });
new CfnOutput(stack, "OperatorOut", { value: operator.roleArn });
