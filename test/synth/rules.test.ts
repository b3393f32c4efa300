import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/synth/rules.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";

type FunctionInput = NonNullable<SettingsInput["functions"]>[string];
const withFunction = (input: FunctionInput): SettingsInput => ({ functions: { f: input } });
const network = (input: SettingsInput["network"]): SettingsInput => ({ network: input });
const capacity = (input: SettingsInput["capacity"]): SettingsInput => ({ capacity: input });

describe("rules between settings", () => {
  it("find nothing in the defaults", () => {
    expect(checkSettings(settingsOf())).toEqual([]);
  });

  it.each<[string, SettingsInput, string, RegExp]>([
    [
      "memory off the ratio",
      withFunction({ memory: 2100 }),
      "functions.f.memory",
      /multiple of 2048 MB.*nearest: 2048/,
    ],
    [
      "ratio 4",
      withFunction({ memory: 6144, memoryPerVCpu: 4 }),
      "functions.f.memory",
      /multiple of 4096.*nearest: 8192/,
    ],
    [
      "ratio 8",
      withFunction({ memory: 2048, memoryPerVCpu: 8 }),
      "functions.f.memory",
      /from 8192.*nearest: 8192/,
    ],
    ["concurrency", withFunction({ concurrency: 65 }), "functions.f.concurrency", /at most 64/],
    [
      "min alone",
      withFunction({ minEnvironments: 1 }),
      "functions.f.maxEnvironments",
      /together with minEnvironments/,
    ],
    [
      "max alone",
      withFunction({ maxEnvironments: 1 }),
      "functions.f.minEnvironments",
      /together with maxEnvironments/,
    ],
    [
      "min over max",
      withFunction({ minEnvironments: 3, maxEnvironments: 2 }),
      "functions.f.minEnvironments",
      /more than/,
    ],
    [
      "min 0",
      withFunction({ minEnvironments: 0, maxEnvironments: 2 }),
      "functions.f.minEnvironments",
      /scale to zero/,
    ],
    [
      "node 20",
      withFunction({ runtime: "nodejs20.x" }),
      "functions.f.runtime",
      /22 or later; nearest: nodejs22\.x/,
    ],
    [
      "node 26",
      withFunction({ runtime: "nodejs26.x" }),
      "functions.f.runtime",
      /nearest: nodejs24\.x/,
    ],
    [
      "python",
      withFunction({ runtime: "python3.12", entry: "dist" }),
      "functions.f.runtime",
      /nearest: python3\.13/,
    ],
    [
      "unknown",
      withFunction({ runtime: "ruby3.3", entry: "dist" }),
      "functions.f.runtime",
      /these are: nodejs22/,
    ],
    [
      "source",
      withFunction({ runtime: "java21" }),
      "functions.f.entry",
      /ready-made folder or \.zip/,
    ],
    [
      "reserved",
      withFunction({ environment: { AWS_REGION: "x" } }),
      "functions.f.environment.AWS_REGION",
      /by Lambda/,
    ],
    [
      "large",
      withFunction({ environment: { AB: "x".repeat(4096) } }),
      "functions.f.environment",
      /4096 bytes/,
    ],
    [
      "subnets of no VPC",
      network({ subnetIds: ["subnet-12345678"] }),
      "network.subnetIds",
      /vpcId is missing/,
    ],
    [
      "subnets of a VPC that is looked up",
      network({ vpcTags: { env: "dev" }, subnetIds: ["subnet-12345678"] }),
      "network.subnetIds",
      /needs network.vpcId/,
    ],
    [
      "two VPCs",
      network({ vpcId: "vpc-12345678", defaultVpc: true }),
      "network.defaultVpc",
      /once more: network.vpcId/,
    ],
    ["no range", network({ cidr: "10.0.0.0" }), "network.cidr", /\/16 to \/24/],
    ["bits behind the prefix", network({ cidr: "10.0.0.1/16" }), "network.cidr", /first address/],
    ["small range", network({ cidr: "10.0.0.0/25" }), "network.cidr", /\/16 to \/24/],
    [
      "both lists",
      capacity({ instanceTypes: { allow: ["m7i.large"], exclude: ["c7i.large"] } }),
      "capacity.instanceTypes",
      /not both/,
    ],
    [
      "burstable",
      capacity({ instanceTypes: { allow: ["t3.large"] } }),
      "capacity.instanceTypes.allow",
      /burstable/,
    ],
    [
      "other architecture",
      capacity({ instanceTypes: { allow: ["m7g.large"] } }),
      "capacity.instanceTypes.allow",
      /is arm64/,
    ],
  ])("refuse: %s", (_, input, path, message) => {
    const errors = checkSettings(settingsOf(input)).filter(({ severity }) => severity === "error");
    expect(errors.map((issue) => issue.path.join("."))).toEqual([path]);
    expect(errors[0]?.message).toMatch(message);
  });

  it.each<[string, SettingsInput, string]>([
    ["no egress", network({ egress: "none" }), "network.egress"],
    ["somebody's range", network({ cidr: "172.32.0.0/16" }), "network.cidr"],
    [
      "a tight cap",
      { capacity: { maxVCpu: 12 }, functions: { f: { memory: 8192 } } },
      "capacity.maxVCpu",
    ],
    [
      "a stopped function",
      withFunction({ minEnvironments: 0, maxEnvironments: 0 }),
      "functions.f.maxEnvironments",
    ],
    [
      "a runtime left to AWS",
      { allowUnsupportedRuntime: true, functions: { f: { runtime: "nodejs20.x" } } },
      "functions.f.runtime",
    ],
  ])("warn about %s", (_, input, path) => {
    const found = checkSettings(settingsOf(input));
    expect(found.map((issue) => [issue.severity, issue.path.join(".")])).toEqual([
      ["warning", path],
    ]);
  });

  it.each<[string, SettingsInput]>([
    ["64 requests for each vCPU", withFunction({ memory: 4096, concurrency: 128 })],
    [
      "Graviton types on arm64",
      capacity({ architecture: "arm64", instanceTypes: { allow: ["m7g.large"] } }),
    ],
    ["the largest shape", { capacity: { maxVCpu: 400 }, functions: { f: { memory: 32_768 } } }],
    ["a small VPC", network({ cidr: "192.168.7.0/24" })],
    ["the end of a private range", network({ cidr: "172.31.0.0/16" })],
    [
      "variables that Lambda lets one set",
      withFunction({ environment: { AWS_LAMBDA_NODEJS_WORKER_COUNT: "2" } }),
    ],
  ])("allow %s", (_, input) => {
    expect(checkSettings(settingsOf(input))).toEqual([]);
  });

  it("never repeat the value of an environment variable", () => {
    const issues = checkSettings(
      settingsOf(
        withFunction({ environment: { AWS_SESSION_TOKEN: "hush", BB: "hush".repeat(2000) } }),
      ),
    );
    expect(issues).toHaveLength(2);
    expect(JSON.stringify(issues)).not.toContain("hush");
  });

  it("measure a function's name with its environment", () => {
    const name = "f".repeat(62);
    expect(checkSettings(settingsOf({ functions: { [name]: {} } }))).toEqual([]);
    expect(checkSettings(settingsOf({ functions: { [name]: {} } }, "prod"))[0]?.code).toBe(
      "function-name-too-long",
    );
  });
});
