import { describe, expect, it } from "vitest";
import { ofType, properties, templateOf } from "./template.ts";

interface InlinePolicy {
  readonly PolicyDocument: { readonly Statement: readonly object[] };
}

describe("settings in the template", () => {
  it("spreads instances over zones behind one NAT gateway", async () => {
    const template = await templateOf({ network: { azs: 3 } });
    const subnets = properties(template, "CapacityProvider")["VpcConfig"];
    expect(subnets).toMatchObject({
      SubnetIds: [{ Ref: "Subnet1" }, { Ref: "Subnet2" }, { Ref: "Subnet3" }],
    });
    expect(ofType(template, "AWS::EC2::NatGateway")).toHaveLength(1);
    const ranges = ofType(template, "AWS::EC2::Subnet").map(
      ([, { Properties }]) => Properties?.["CidrBlock"],
    );
    expect(new Set(ranges).size).toBe(4);
  });

  it("opens a public way without a NAT gateway", async () => {
    const template = await templateOf({ network: { egress: "public" } });
    expect(ofType(template, "AWS::EC2::NatGateway")).toEqual([]);
    expect(properties(template, "Subnet1")["MapPublicIpOnLaunch"]).toBe(true);
    expect(properties(template, "DefaultRoute")["GatewayId"]).toEqual({ Ref: "InternetGateway" });
    expect(template.Resources["CapacityProvider"]?.DependsOn).toContain(
      "InternetGatewayAttachment",
    );
  });

  it("keeps the subnets when the egress changes", async () => {
    const nat = await templateOf({ network: { egress: "nat" } });
    const endpoints = await templateOf({ network: { egress: "endpoints" } });
    expect(endpoints.Resources["Subnet1"]).toEqual(nat.Resources["Subnet1"]);
    expect(ofType(endpoints, "AWS::EC2::VPCEndpoint")).toHaveLength(2);
    expect(ofType(endpoints, "AWS::EC2::InternetGateway")).toEqual([]);
  });

  it("uses a network that exists", async () => {
    const template = await templateOf({
      network: {
        vpcId: "vpc-12345678",
        subnetIds: ["subnet-12345678"],
        securityGroupIds: ["sg-12345678"],
      },
    });
    expect(
      Object.values(template.Resources).filter(({ Type }) => Type.startsWith("AWS::EC2::")),
    ).toEqual([]);
    expect(properties(template, "CapacityProvider")["VpcConfig"]).toEqual({
      SecurityGroupIds: ["sg-12345678"],
      SubnetIds: ["subnet-12345678"],
    });
    expect(template.Outputs?.["VpcId"]?.Value).toBe("vpc-12345678");
  });

  it("passes scaling, concurrency, instance types and the environment on", async () => {
    const template = await templateOf({
      capacity: { instanceTypes: { allow: ["m7i.large"] } },
      functions: {
        api: { concurrency: 10, minEnvironments: 1, maxEnvironments: 4, environment: { AB: "b" } },
      },
    });
    expect(properties(template, "ApiLambda")).toMatchObject({
      FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 4 },
      Environment: { Variables: { AB: "b" } },
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          PerExecutionEnvironmentMaxConcurrency: 10,
          ExecutionEnvironmentMemoryGiBPerVCpu: 2,
        },
      },
    });
    expect(properties(template, "CapacityProvider")["InstanceRequirements"]).toMatchObject({
      AllowedInstanceTypes: ["m7i.large"],
    });
  });

  it("passes on what a capacity provider can be told", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234";
    const template = await templateOf({
      capacity: {
        scaling: { targetCpu: 70 },
        kmsKeyArn,
        propagateTags: { team: "shop" },
        logLevel: "WARN",
        logRetention: 7,
      },
    });
    expect(properties(template, "CapacityProvider")).toMatchObject({
      CapacityProviderScalingConfig: {
        MaxVCpuCount: 30,
        ScalingMode: "Manual",
        ScalingPolicies: [
          {
            PredefinedMetricType: "LambdaCapacityProviderAverageCPUUtilization",
            TargetValue: 70,
          },
        ],
      },
      KmsKeyArn: kmsKeyArn,
      PropagateTags: { Mode: "Explicit", ExplicitTags: [{ Key: "team", Value: "shop" }] },
      TelemetryConfig: { LoggingConfig: { SystemLogLevel: "WARN" } },
    });
    expect(properties(template, "CapacityProviderLogs")["RetentionInDays"]).toBe(7);
  });

  it("passes on what a function can be told, with the permissions that it needs", async () => {
    const queue = "arn:aws:sqs:us-east-1:123456789012:failed";
    const managed = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    const own = { Effect: "Allow" as const, Action: "dynamodb:GetItem", Resource: "*" };
    const layer = "arn:aws:lambda:us-east-1:123456789012:layer:tools:3";
    const template = await templateOf({
      functions: {
        api: {
          logLevel: "DEBUG",
          systemLogLevel: "WARN",
          tracing: true,
          layers: [layer],
          policies: [managed, own],
          deadLetterArn: queue,
        },
      },
    });
    expect(properties(template, "ApiLambda")).toMatchObject({
      LoggingConfig: { ApplicationLogLevel: "DEBUG", SystemLogLevel: "WARN" },
      TracingConfig: { Mode: "Active" },
      Layers: [layer],
      DeadLetterConfig: { TargetArn: queue },
    });
    const role = properties(template, "ApiLambdaRole");
    expect(role["ManagedPolicyArns"]).toEqual([managed]);
    const statements = (role["Policies"] as InlinePolicy[]).flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
    expect(statements).toEqual([
      expect.objectContaining({ Action: ["logs:CreateLogStream", "logs:PutLogEvents"] }),
      expect.objectContaining({ Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"] }),
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: queue },
      own,
    ]);
  });

  it("gives a function a URL: for callers with permissions, or with two permissions for everybody", async () => {
    const forCallers = await templateOf({ functions: { api: { url: { stream: true } } } });
    expect(properties(forCallers, "ApiLambdaUrl")).toMatchObject({
      AuthType: "AWS_IAM",
      InvokeMode: "RESPONSE_STREAM",
    });
    expect(Object.values(forCallers.Resources).map(({ Type }) => Type)).not.toContain(
      "AWS::Lambda::Permission",
    );
    expect(forCallers.Outputs?.["FunctionUrl"]?.Value).toEqual({
      "Fn::GetAtt": ["ApiLambdaUrl", "FunctionUrl"],
    });
    const forAll = await templateOf({
      functions: { api: { url: { auth: "none", cors: { allowOrigins: ["*"], maxAge: 60 } } } },
    });
    expect(properties(forAll, "ApiLambdaUrl")).toMatchObject({
      AuthType: "NONE",
      Cors: { AllowOrigins: ["*"], MaxAge: 60 },
    });
    expect(properties(forAll, "ApiLambdaUrlForEverybody")["FunctionUrlAuthType"]).toBe("NONE");
    expect(properties(forAll, "ApiLambdaInvokeByUrl")["InvokedViaFunctionUrl"]).toBe(true);
  });

  it("keeps environments apart, in one account too", async () => {
    const template = await templateOf({}, "prod");
    expect(properties(template, "MyManagedInstanceFunction")["FunctionName"]).toBe(
      "my-managed-instance-function-prod",
    );
    expect(properties(template, "CapacityProviderLogs")["LogGroupName"]).toBe(
      "/aws/lambda/capacity-provider/lmi-hello-prod",
    );
  });

  it("tells the outputs of several functions apart and keeps their ids when one is added", async () => {
    const one = await templateOf({ functions: { api: {} } });
    const two = await templateOf({ functions: { api: {}, jobs: {} } });
    expect(Object.keys(two.Outputs ?? {})).toEqual(
      expect.arrayContaining(["FunctionNameApiLambda", "FunctionArnJobsLambda"]),
    );
    expect(two.Resources["ApiLambda"]).toEqual(one.Resources["ApiLambda"]);
  });
});
