import { describe, expect, it } from "vitest";
import { monthlyCost } from "../../src/synth/cost/monthly-cost.ts";
import { settingsOfTemplate } from "../../src/synth/cost/template-settings.ts";
import { checkSettings } from "../../src/synth/rules.ts";
import { type SettingsInput, settingsSchema } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";
import { ofType, properties, templateOf } from "./template.ts";

type FunctionInput = NonNullable<NonNullable<SettingsInput["functions"]>[string]>;
const api = (input: FunctionInput): SettingsInput => ({ functions: { api: input } });
const live: FunctionInput = { aliases: { live: "version" } };
const codes = (input: SettingsInput) => checkSettings(settingsOf(input)).map(({ code }) => code);

const many = (count: number, own: FunctionInput): SettingsInput => ({
  capacity: { maxVCpu: 15_000 },
  functions: Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, own])),
});

const tight = (own: FunctionInput) => codes({ ...api(own), capacity: { maxVCpu: 12 } });

async function versionIds(input: FunctionInput): Promise<string[]> {
  return ofType(await templateOf(api(input)), "AWS::Lambda::Version").map(([id]) => id);
}

async function overridden(path: string): Promise<string[]> {
  const template = await templateOf({ ...api(live), overrides: { api: { [path]: 31 } } });
  return Object.keys(template.Resources);
}

describe("aliases", () => {
  it("at $LATEST.PUBLISHED are names, and make nothing else", async () => {
    const settings = api({
      aliases: { live: "$LATEST.PUBLISHED", "other_one-2": "$LATEST.PUBLISHED" },
    });
    const template = await templateOf(settings);
    expect(properties(template, "ApiLambdaLiveAlias")).toEqual({
      FunctionName: { Ref: "ApiLambda" },
      Name: "live",
      FunctionVersion: "$LATEST.PUBLISHED",
    });
    expect(ofType(template, "AWS::Lambda::Alias")).toHaveLength(2);
    expect(ofType(template, "AWS::Lambda::Version")).toEqual([]);
    expect(checkSettings(settingsOf(settings))).toEqual([]);
    expect(monthlyCost(settingsOf(settings))).toEqual(monthlyCost(settingsOf(api({}))));
  });

  it("at a version share one, which scales as the function does", async () => {
    const template = await templateOf(
      api({
        aliases: { live: "version", stable: "version" },
        minEnvironments: 1,
        maxEnvironments: 4,
      }),
    );
    const [[id, version] = ["", undefined], ...others] = ofType(template, "AWS::Lambda::Version");
    expect(others).toEqual([]);
    expect(id).toMatch(/^ApiLambdaVersion[0-9a-f]{10}$/);
    expect(version?.Properties).toEqual({
      FunctionName: { Ref: "ApiLambda" },
      FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 4 },
    });
    // Nothing is kept that would hold the capacity provider.
    expect(version).not.toHaveProperty("DeletionPolicy");
    expect(properties(template, "ApiLambdaStableAlias")["FunctionVersion"]).toEqual({
      "Fn::GetAtt": [id, "Version"],
    });
    expect(template.Outputs?.["AliasArns"]?.Value).toEqual({
      "Fn::Join": ["", [{ Ref: "ApiLambdaLiveAlias" }, ",", { Ref: "ApiLambdaStableAlias" }]],
    });
  });

  it("get a new version when code or configuration changes, and not for scaling and tags", async () => {
    const [first = ""] = await versionIds(live);
    expect(await versionIds(live)).toEqual([first]);
    expect(await versionIds({ ...live, minEnvironments: 1, maxEnvironments: 2 })).toEqual([first]);
    const tagged = await templateOf({ ...api(live), tags: { team: "shop" } });
    expect(Object.keys(tagged.Resources)).toContain(first);
    expect(await overridden("Properties.Timeout")).not.toContain(first);
    expect(await overridden("Metadata.Note")).toContain(first);
    for (const change of [{ timeout: 31 }, { environment: { AB: "c" } }, { concurrency: 8 }])
      expect(await versionIds({ ...live, ...change })).not.toContain(first);
  });

  it("at a version cost as much again, before and after they are deployed", async () => {
    const settings = settingsOf(api(live));
    const instances = (of: typeof settings) =>
      monthlyCost(of).items.find(({ kind }) => kind === "instances")?.monthly ?? 0;
    expect(instances(settings)).toBeGreaterThan(instances(settingsOf(api({}))));
    const deployed = settingsOfTemplate(await templateOf(api(live)), "us-east-1");
    expect(deployed && instances(deployed)).toBe(instances(settings));
  });

  it("at a version warn of what they cost, and want room for three versions", () => {
    expect(codes(api(live))).toEqual(["alias-version-costs"]);
    // Environments of 1 vCPU for each of three versions, 1 for the system, 2 to replace an instance.
    expect(tight(live)).toEqual(["alias-version-costs"]);
    const four = { minEnvironments: 4, maxEnvironments: 4 };
    expect(tight({ ...live, ...four })).toEqual(["max-vcpu-tight", "alias-version-costs"]);
    expect(tight(four)).toEqual([]);
    expect(tight({ ...live, minEnvironments: 0, maxEnvironments: 0 })).toEqual(["scaling-stopped"]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["of digits alone", { "12": "version" }],
    ["with a dot", { "a.b": "version" }],
    ["without a name", { "": "version" }],
    ["at $LATEST", { live: "$LATEST" }],
    ["at a number", { live: "3" }],
  ])("cannot be %s", (_what, aliases) => {
    const [key = ""] = Object.keys(aliases);
    const parsed = settingsSchema.safeParse(api({ aliases: aliases as FunctionInput["aliases"] }));
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual([
      `functions.api.aliases.${key}`,
    ]);
  });
});

describe("versions of a provider", () => {
  it("are at most 100, of all its functions and while they change", () => {
    expect(codes(many(100, {}))).toEqual(["capacity-provider-shared"]);
    expect(codes(many(101, {}))).toContain("provider-versions");
    expect(codes(many(33, live))).not.toContain("provider-versions");
    expect(codes(many(34, live))).toContain("provider-versions");
  });
});
