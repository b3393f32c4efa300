// `network` exports what `service` imports; `alone` needs neither, and looks up a network by its tag. Everything is for
// one account and region, as lookups demand. `-c variant=unexported` takes the export away.
import { App, CfnOutput, CfnParameter, Fn, Stack, Tags } from "aws-cdk-lib";
import { CfnVPC, SecurityGroup, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import {
  CapacityProvider,
  Code,
  Function as LambdaFunction,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { StringParameter } from "aws-cdk-lib/aws-ssm";

const env = { account: "000000000000", region: "us-east-1" };
const app = new App();
const exported = app.node.tryGetContext("variant") !== "unexported";
const secured = app.node.tryGetContext("protected") === "yes";

const network = new Stack(app, "network", { env, terminationProtection: secured });
const vpc = new Vpc(network, "Vpc", {
  vpcName: "shared",
  natGateways: 0,
  availabilityZones: ["us-east-1a", "us-east-1b"],
  subnetConfiguration: [{ name: "public", subnetType: SubnetType.PUBLIC }],
});
new StringParameter(network, "Greeting", {
  parameterName: "/shared/greeting",
  stringValue: "good day",
});
if (exported) {
  new CfnOutput(network, "VpcCidr", { value: vpc.vpcCidrBlock, exportName: "shared-cidr" });
}

const service = new Stack(app, "service", { env });
service.addStackDependency(network);
const provider = new CapacityProvider(service, "Provider", {
  subnets: vpc.publicSubnets,
  securityGroups: [new SecurityGroup(service, "Closed", { vpc })],
});
const greeting = StringParameter.valueForStringParameter(service, "/shared/greeting");
const word = new CfnParameter(service, "Word", { default: "reader", allowedPattern: "[a-z]+" });
const fn = new LambdaFunction(service, "Function", {
  runtime: Runtime.NODEJS_24_X,
  handler: "index.handler",
  memorySize: 2048,
  environment: {
    GREETING: greeting,
    CIDR: exported ? Fn.importValue("shared-cidr") : "gone",
    WORD: word.valueAsString,
  },
  code: Code.fromInline(
    "const { GREETING, CIDR, WORD } = process.env; exports.handler = async () => ({ GREETING, CIDR, WORD });",
  ),
});
provider.addFunction(fn);
Tags.of(service).add("team", "shared");
new CfnOutput(service, "Name", { value: fn.functionName });

const alone = new Stack(app, "alone", { env });
new CfnVPC(alone, "Other", { cidrBlock: "10.9.0.0/16" });
if (app.node.tryGetContext("lookup") === "yes") {
  const found = Vpc.fromLookup(alone, "Found", { vpcName: "shared" });
  new CfnOutput(alone, "FoundVpc", { value: found.vpcId });
  new CfnOutput(alone, "FoundSubnets", {
    value: found.publicSubnets.map(({ subnetId }) => subnetId).join(","),
  });
  new CfnOutput(alone, "FoundGreeting", {
    value: StringParameter.valueFromLookup(alone, "/shared/greeting"),
  });
}
