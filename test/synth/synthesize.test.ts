import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { synthesize, type Template } from "../../src/synth/synthesize.ts";
import { builtFunctions, settingsOf } from "./reference-settings.ts";
import { ofType, properties, templateOf, temporaryFolder } from "./template.ts";

/** Everything that a resource waits for, directly or not: what is deleted after it. */
function waitsFor(template: Template, logicalId: string, seen = new Set<string>()): Set<string> {
  const resource = template.Resources[logicalId];
  const text = JSON.stringify(resource ?? {});
  const next = [
    ...[resource?.DependsOn ?? []].flat(),
    ...[...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([A-Za-z0-9]+)"/g)].map(
      (match) => match[1] ?? "",
    ),
  ].filter((id) => id in template.Resources && !seen.has(id));
  for (const id of next) {
    seen.add(id);
    waitsFor(template, id, seen);
  }
  return seen;
}

describe("the reference stack", () => {
  it("is AWS's sample: function, provider, network and roles", async () => {
    const template = await templateOf();
    expect(properties(template, "MyManagedInstanceFunction")).toMatchObject({
      FunctionName: "my-managed-instance-function",
      Runtime: "nodejs24.x",
      Architectures: ["x86_64"],
      MemorySize: 2048,
      EphemeralStorage: { Size: 512 },
      LoggingConfig: { LogFormat: "JSON" },
      PublishToLatestPublished: true,
    });
    expect(properties(template, "CapacityProvider")).toMatchObject({
      CapacityProviderScalingConfig: { MaxVCpuCount: 30, ScalingMode: "Auto" },
      InstanceRequirements: { Architectures: ["x86_64"] },
    });
    expect(properties(template, "Vpc")["CidrBlock"]).toBe("10.0.0.0/16");
    expect(ofType(template, "AWS::EC2::NatGateway")).toHaveLength(1);
    expect(properties(template, "SecurityGroup")).not.toHaveProperty("SecurityGroupIngress");
  });

  it("leaves the provider unnamed and has no version, metadata or account in it", async () => {
    const template = await templateOf();
    expect(properties(template, "CapacityProvider")).not.toHaveProperty("CapacityProviderName");
    expect(ofType(template, "AWS::Lambda::Version")).toEqual([]);
    expect(ofType(template, "AWS::CDK::Metadata")).toEqual([]);
    expect(JSON.stringify(template)).not.toMatch(/\d{12}|us-east-1/);
    expect(template["Metadata"]).toMatchObject({ lmi: { project: "hello" } });
  });

  it("names its outputs", async () => {
    const { Outputs = {} } = await templateOf();
    expect(Object.keys(Outputs)).toEqual(
      expect.arrayContaining([
        "VpcId",
        "SubnetIds",
        "SecurityGroupId",
        "FunctionName",
        "FunctionArn",
        "FunctionLogGroup",
        "CapacityProviderArn",
        "CapacityProviderLogGroup",
        "OperatorRoleArn",
      ]),
    );
  });

  it("lets the function write to its own log group and nothing else", async () => {
    const template = await templateOf();
    const role = properties(template, "MyManagedInstanceFunctionRole");
    expect(role["ManagedPolicyArns"]).toBeUndefined();
    expect(role["Policies"]).toEqual([
      {
        PolicyName: "Logs",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: { "Fn::GetAtt": ["MyManagedInstanceFunctionLogs", "Arn"] },
            },
          ],
        },
      },
    ]);
  });

  it("gives Lambda the managed operator policy, without conditions unless asked", async () => {
    const open = properties(await templateOf(), "OperatorRole");
    expect(JSON.stringify(open["ManagedPolicyArns"])).toContain(
      ":iam::aws:policy/AWSLambdaManagedEC2ResourceOperator",
    );
    expect(open["AssumeRolePolicyDocument"]).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
    const closed = properties(
      await templateOf({ capacity: { confusedDeputyProtection: true } }),
      "OperatorRole",
    );
    expect(JSON.stringify(closed["AssumeRolePolicyDocument"])).toContain("aws:SourceAccount");
  });

  it("deletes the function, then the provider, then what its instances need", async () => {
    const template = await templateOf();
    expect([...waitsFor(template, "MyManagedInstanceFunction")]).toContain("CapacityProvider");
    expect([...waitsFor(template, "CapacityProvider")]).toEqual(
      expect.arrayContaining([
        "OperatorRole",
        "CapacityProviderLogs",
        "Subnet1",
        "Subnet1RouteTableAssociation",
        "DefaultRoute",
        "NatGateway",
        "NatDefaultRoute",
        "InternetGatewayAttachment",
        "SecurityGroup",
      ]),
    );
  });

  it("owns its log groups, with retention", async () => {
    const groups = ofType(await templateOf(), "AWS::Logs::LogGroup").map(
      ([, resource]) => resource,
    );
    expect(groups.map(({ Properties }) => Properties)).toEqual([
      { LogGroupName: "/aws/lambda/capacity-provider/lmi-hello", RetentionInDays: 30 },
      { LogGroupName: "/aws/lambda/my-managed-instance-function", RetentionInDays: 30 },
    ]);
    expect(groups.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(["Delete", "Delete"]);
  });

  it("is the same to the byte every time", async () => {
    const settings = settingsOf();
    const texts = [];
    const folder = await temporaryFolder();
    for (const outdir of [path.join(folder, "one"), path.join(folder, "two")]) {
      await synthesize({ settings, outdir, assets: builtFunctions(settings) });
      texts.push(await readFile(path.join(outdir, "lmi-hello.template.json"), "utf8"));
    }
    expect(texts[0]).toBe(texts[1]);
  });

  it("is written in ASCII, so that CloudFormation gives its texts back", async () => {
    const settings = settingsOf({
      resources: {
        Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: "München 🤖" } },
      },
    });
    const { template, assembly } = await synthesize({
      settings,
      outdir: await temporaryFolder(),
      assets: builtFunctions(settings),
    });
    const written = await readFile(assembly.getStackByName("lmi-hello").templateFullPath, "utf8");
    expect(Buffer.byteLength(written)).toBe(written.length);
    expect(JSON.parse(written)).toEqual(template);
    expect(JSON.stringify(template)).toContain("München 🤖");
  });

  it("carries its tags on the stack", async () => {
    const settings = settingsOf({ tags: { team: "shop" } });
    const { assembly } = await synthesize({
      settings,
      outdir: await temporaryFolder(),
      assets: builtFunctions(settings),
    });
    expect(assembly.getStackByName("lmi-hello").tags).toEqual({
      team: "shop",
      "lmi:project": "hello",
    });
  });
});
