import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/synth/rules.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsSchema } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";
import { properties, templateOf } from "./template.ts";

const fn = "MyManagedInstanceFunction";
const queue = { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout: 60 } };

/** What synthesis says is wrong: path and message of each problem. */
async function problems(input: SettingsInput): Promise<string[]> {
  const error: unknown = await templateOf(input).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "LMI_SETTINGS_INVALID", exitCode: 2 });
  const { problems: found } = (error as { details: { problems: Found[] } }).details;
  return found.map(({ path, message }) => `${path} ${message}`);
}
interface Found {
  readonly path: string;
  readonly message: string;
}

describe("overrides", () => {
  it("change, add and remove what the template says, properties and attributes alike", async () => {
    const template = await templateOf({
      overrides: {
        [fn]: {
          "Properties.Timeout": 60,
          "Properties.EphemeralStorage": null,
          "Properties.Tags": [{ Key: "a.b", Value: "c" }],
          DeletionPolicy: "Retain",
        },
        CapacityProvider: { "Properties.CapacityProviderScalingConfig": { MaxVCpuCount: 44 } },
        Vpc: { Metadata: { "a.b": true } },
      },
    });
    expect(template.Resources[fn]).toMatchObject({
      DeletionPolicy: "Retain",
      Properties: { Timeout: 60, Tags: [{ Key: "a.b", Value: "c" }], MemorySize: 2048 },
    });
    expect(properties(template, fn)).not.toHaveProperty("EphemeralStorage");
    expect(properties(template, "CapacityProvider")["CapacityProviderScalingConfig"]).toEqual({
      MaxVCpuCount: 44,
      ScalingMode: "Auto",
    });
    expect(template.Resources["Vpc"]?.["Metadata"]).toEqual({ "a.b": true });
  });

  it("remove what a null inside of an object says", async () => {
    const template = await templateOf({
      overrides: { [fn]: { "Properties.LoggingConfig": { LogGroup: null } } },
    });
    expect(properties(template, fn)["LoggingConfig"]).toEqual({ LogFormat: "JSON" });
  });

  it("go by the names of functions and providers, and by type, the own ones last", async () => {
    const template = await templateOf({
      capacityProviders: { batch: {} },
      functions: { api: {}, jobs: { capacityProvider: "batch" } },
      overrides: {
        api: { "Properties.Timeout": 7 },
        batch: { "Properties.CapacityProviderScalingConfig.MaxVCpuCount": 99 },
        CapacityProviderLogs: { DeletionPolicy: "Delete" },
        "AWS::Logs::LogGroup": { DeletionPolicy: "Retain" },
      },
    });
    expect(properties(template, "ApiLambda")["Timeout"]).toBe(7);
    expect(properties(template, "JobsLambda")["Timeout"]).toBe(30);
    expect(properties(template, "BatchCapacityProvider")).toMatchObject({
      CapacityProviderScalingConfig: { MaxVCpuCount: 99 },
    });
    const policies = Object.entries(template.Resources).flatMap(([id, resource]) =>
      resource.Type === "AWS::Logs::LogGroup"
        ? [`${id} ${String(resource["DeletionPolicy"])}`]
        : [],
    );
    expect(policies.toSorted()).toEqual([
      "ApiLambdaLogs Retain",
      "BatchCapacityProviderLogs Retain",
      "CapacityProviderLogs Delete",
      "JobsLambdaLogs Retain",
    ]);
  });

  it("of what the stack does not have are refused, all of them, with what was meant", async () => {
    const said = await problems({
      overrides: {
        MyManagedInstanceFuncton: { "Properties.Timeout": 1 },
        "AWS::Lambda::Funktion": { DeletionPolicy: "Retain" },
        Xyz: { DeletionPolicy: "Retain" },
      },
    });
    expect(said).toEqual([
      "overrides.AWS::Lambda::Funktion is the type of no resource of the stack; did you mean AWS::Lambda::Function?",
      `overrides.MyManagedInstanceFuncton is no resource of the stack; did you mean ${fn}?`,
      expect.stringMatching(/^overrides\.Xyz is no resource of the stack: it has Vpc, /),
    ]);
  });

  it("whose path begins with no part of a resource are refused before synthesis", () => {
    const issues = checkSettings(
      settingsOf({ overrides: { [fn]: { Timeout: 60, Properties: null, DependsOn: "Vpc" } } }),
    );
    expect(issues).toMatchObject([
      {
        path: ["overrides", fn, "Timeout"],
        message: expect.stringContaining("did you mean Properties.Timeout?"),
        code: "override-path",
      },
      { path: ["overrides", fn, "Properties"], code: "override-path" },
    ]);
  });
});

describe("resources", () => {
  it("stand in the template as they are written, with conditions, outputs and parameters", async () => {
    const Main = {
      ...queue,
      Properties: { ...queue.Properties, Empty: [], Nothing: {}, Name: { Ref: "AWS::StackName" } },
      Condition: "Here",
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Snapshot",
      Metadata: { because: "jobs" },
    } as const;
    const Output = { Value: { "Fn::GetAtt": ["Main", "Arn"] }, Condition: "Here" };
    const Here = { "Fn::Equals": [{ Ref: "Stage" }, "prod"] };
    const Stage = { Type: "String", Default: "prod", AllowedValues: ["prod"] };
    const template = await templateOf({
      resources: { Main },
      outputs: { Main: Output },
      conditions: { Here },
      parameters: { Stage },
    });
    expect(template.Resources["Main"]).toEqual(Main);
    expect(template.Outputs).toMatchObject({ Main: Output, VpcId: {} });
    expect(template["Conditions"]).toEqual({ Here });
    expect(template["Parameters"]).toMatchObject({ Stage, BootstrapVersion: {} });
  });

  it("wait for each other and for lmi's, and refer to lmi's", async () => {
    const template = await templateOf({
      resources: {
        Alarm: { Type: "AWS::SNS::Topic", DependsOn: ["Main", fn] },
        Main: { ...queue, DependsOn: "CapacityProvider" },
        Permission: {
          Type: "AWS::Lambda::Permission",
          Properties: {
            FunctionName: { Ref: fn },
            Action: "lambda:InvokeFunction",
            Principal: "sqs.amazonaws.com",
            SourceArn: { "Fn::Sub": ["${Main.Arn}${x}${!y}", { x: { Ref: "Vpc" } }] },
          },
        },
      },
    });
    expect(template.Resources["Alarm"]?.DependsOn).toEqual(["Main", fn]);
    expect(template.Resources["Main"]?.DependsOn).toEqual(["CapacityProvider"]);
  });

  it("and outputs with a name that the stack has are refused", async () => {
    const said = await problems({
      resources: { Vpc: queue, VpcId: queue },
      outputs: { VpcId: { Value: "x" }, Vpc: { Value: "fine" } },
      parameters: { BootstrapVersion: { Type: "String", Default: "x" } },
    });
    expect(said.map((text) => text.split(" ")[0])).toEqual([
      "resources.Vpc",
      "resources.VpcId",
      "outputs.VpcId",
      "parameters.BootstrapVersion",
    ]);
  });

  it("that wait for, or refer to, what is not there are refused with what was meant", async () => {
    const said = await problems({
      resources: {
        Main: { ...queue, DependsOn: "Vcp" },
        Other: { Type: "AWS::SNS::Topic", Properties: { A: [{ "Fn::Sub": "x-${Mian.Arn}" }] } },
      },
      outputs: { Url: { Value: { "Fn::GetAtt": "Mainn.QueueUrl" } } },
      overrides: { [fn]: { "Properties.Role": { Ref: "Rolle" } } },
    });
    expect(said).toEqual([
      "resources.Main.DependsOn is no resource of the stack; did you mean Vpc?",
      "overrides.MyManagedInstanceFunction refers to what the stack does not have",
      "resources.Other refers to what the stack does not have; did you mean Main?",
      "outputs.Url refers to what the stack does not have; did you mean Main?",
    ]);
  });

  it("under a condition that is not defined are refused before synthesis", () => {
    const issues = checkSettings(
      settingsOf({
        resources: { Main: { ...queue, Condition: "Heer" } },
        conditions: { Here: {} },
      }),
    );
    expect(issues).toMatchObject([
      { path: ["resources", "Main", "Condition"], code: "condition-unknown" },
    ]);
  });

  it.each([
    [{ resources: { "my-queue": queue } }, "logical id"],
    [{ resources: { Main: { Type: "SQS" } } }, "resource type"],
    [{ resources: { Main: { ...queue, type: "x" } } }, "type"],
    [{ outputs: { Url: { Description: "x" } } }, "must be a value"],
    [{ parameters: { Stage: { Type: "String" } } }, "no other one is ever given"],
    [{ overrides: { Vpc: 3 } }, "must be an object"],
  ])("%j is refused", (input, text) => {
    expect(JSON.stringify(settingsSchema.safeParse(input).error?.issues)).toContain(text);
  });
});
