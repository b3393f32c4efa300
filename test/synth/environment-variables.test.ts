import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/synth/rules.ts";
import { type SettingsInput, settingsSchema } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";
import { properties, templateOf } from "./template.ts";

type FunctionInput = NonNullable<NonNullable<SettingsInput["functions"]>[string]>;
type Environment = NonNullable<FunctionInput["environment"]>;
const withEnvironment = (environment: Environment): SettingsInput => ({
  functions: { api: { environment } },
});
const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-a1B2c3";

describe("environment variables", () => {
  it.each<[string, Environment[string], string]>([
    ["text", "plain", "plain"],
    ["a parameter", { ssm: "/shop/table" }, "{{resolve:ssm:/shop/table}}"],
    ["a parameter without a path", { ssm: "table", version: 3 }, "{{resolve:ssm:table:3}}"],
    ["a whole secret", { secret: "shop/db" }, "{{resolve:secretsmanager:shop/db:SecretString}}"],
    [
      "a key of a secret",
      { secret: arn, key: "password" },
      `{{resolve:secretsmanager:${arn}:SecretString:password}}`,
    ],
    [
      "a version of a secret by label",
      { secret: "db", versionStage: "AWSPREVIOUS" },
      "{{resolve:secretsmanager:db:SecretString::AWSPREVIOUS}}",
    ],
    [
      "a version of a secret by id",
      { secret: "db", key: "k", versionId: "0123-abcd" },
      "{{resolve:secretsmanager:db:SecretString:k::0123-abcd}}",
    ],
  ])("can be %s", async (_what, value, text) => {
    const settings = withEnvironment({ TOKEN: value });
    expect(checkSettings(settingsOf(settings))).toEqual([]);
    expect(properties(await templateOf(settings), "ApiLambda")["Environment"]).toEqual({
      Variables: { TOKEN: text },
    });
  });

  it.each<[string, object, string]>([
    ["a parameter and a secret", { ssm: "/a", secret: "b" }, ""],
    ["an unknown key", { ssm: "/a", stage: "b" }, ""],
    ["a key of nothing", { key: "b" }, ""],
    ["nothing", {}, ""],
    ["a path with empty parts", { ssm: "/a//b" }, ".ssm"],
    ["a parameter that ends its reference", { ssm: "/a}}" }, ".ssm"],
    ["version 0", { ssm: "/a", version: 0 }, ".version"],
    ["a secret that ends its reference", { secret: "a}}{{resolve:ssm:/b" }, ".secret"],
    ["a secret with a colon", { secret: "a:b" }, ".secret"],
    [
      "an ARN of something else",
      { secret: "arn:aws:ssm:eu-west-1:123456789012:parameter/a" },
      ".secret",
    ],
    ["a key with a colon", { secret: "a", key: "b:c" }, ".key"],
  ])("cannot be %s", (_what, value, below) => {
    const settings = withEnvironment({ TOKEN: value as Environment[string] });
    const issues = settingsSchema.safeParse(settings).error?.issues ?? [];
    const path = `functions.api.environment.TOKEN${below}`;
    expect(issues.map((issue) => issue.path.join("."))).toEqual([path]);
    expect(issues[0]?.message).toMatch(/^must be |^Unrecognized key/);
  });

  it("refuse what CloudFormation cannot resolve, without a word of the value", () => {
    const issues = checkSettings(
      settingsOf(
        withEnvironment({
          AB: "{{resolve:ssm-secure:/hush:1}}",
          CD: { secret: "hush", versionStage: "A", versionId: "B" },
        }),
      ),
    );
    expect(issues.map(({ code, path }) => [code, path.join(".")])).toEqual([
      ["variable-ssm-secure", "functions.api.environment.AB"],
      ["secret-version-twice", "functions.api.environment.CD"],
    ]);
    expect(JSON.stringify(issues)).not.toContain("hush");
  });
});
