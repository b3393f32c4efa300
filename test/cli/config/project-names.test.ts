import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../src/cli/config/load-settings.ts";
import { readProjectNames } from "../../../src/cli/config/project-names.ts";
import { deployedFunctionName, stackName } from "../../../src/synth/names.ts";
import { projectFolder } from "./project-folder.ts";

const failure = (reading: Promise<unknown>) => reading.catch((error: unknown) => error);

describe("readProjectNames", () => {
  it("knows the reference project without a file", async () => {
    const cwd = path.join(await projectFolder({ "My Shop/x": "" }), "My Shop");
    expect(await readProjectNames({ cwd })).toEqual({
      projectName: "my-shop",
      environmentName: undefined,
      capacityProviderNames: [],
      stackName: "lmi-my-shop",
      region: undefined,
      functionNames: ["my-managed-instance-function"],
      projectDir: cwd,
      configFile: undefined,
    });
  });

  it("refuses an environment that the file does not have, in the words of loadSettings", async () => {
    const text = '{ "name": "shop", "environments": { "prod": {} } }';
    const cwd = await projectFolder({ "lmi.json": text });
    const refused = await failure(readProjectNames({ cwd, environmentName: "prd" }));
    expect(refused).toMatchObject({
      code: "LMI_SETTINGS_INVALID",
      why: expect.stringContaining("did you mean prod?"),
      exitCode: 2,
    });
    expect(refused).toEqual(await failure(loadSettings({ cwd, environmentName: "prd", env: {} })));
  });

  it("takes any environment where there is no file, or a file made for it", async () => {
    const made = await projectFolder({
      "lmi.config.mjs": "export default ({ env }) => ({ name: `shop` })",
    });
    for (const cwd of [path.join(await projectFolder({ "x/y": "" }), "x"), made])
      expect(await readProjectNames({ cwd, environmentName: "any" })).toMatchObject({
        environmentName: "any",
      });
  });

  it("agrees with loadSettings, environments included", async () => {
    const cwd = await projectFolder({
      "lmi.json": `{ // names
        "name": "shop", "region": "eu-west-1", "functions": { "api": {}, "jobs": {} },
        "environments": { "prod": { "region": "us-east-2", "functions": { "audit": {} } } } }`,
    });
    for (const environmentName of [undefined, "prod"]) {
      const names = await readProjectNames({ cwd, environmentName });
      const { settings } = await loadSettings({ cwd, environmentName, env: {} });
      expect(names).toMatchObject({
        projectName: settings.name,
        region: settings.region,
        stackName: stackName(settings.name, environmentName),
        functionNames: Object.keys(settings.functions).map((key) =>
          deployedFunctionName(key, environmentName),
        ),
      });
    }
    expect((await readProjectNames({ cwd, environmentName: "prod" })).functionNames).toContain(
      "audit-prod",
    );
  });

  it("does not mind settings that are wrong", async () => {
    const cwd = await projectFolder({
      "lmi.json": { name: "shop", functions: "none", capacity: { maxVCpu: 1 } },
    });
    expect(await readProjectNames({ cwd })).toMatchObject({
      projectName: "shop",
      stackName: "lmi-shop",
    });
  });

  it("fails on a file that is no JSON, or is not there", async () => {
    const cwd = await projectFolder({ "lmi.json": "{" });
    await expect(readProjectNames({ cwd })).rejects.toMatchObject({ code: "LMI_CONFIG_SYNTAX" });
    await expect(readProjectNames({ cwd, configFile: "no.json" })).rejects.toMatchObject({
      code: "LMI_CONFIG_NOT_FOUND",
    });
  });
});
