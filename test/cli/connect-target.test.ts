import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { connectTarget } from "../../src/cli/connect-target.ts";
import { checkRegion } from "../../src/cli/region-check.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";
import { recordingSystem } from "../helpers/recording-system.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

describe("region: flag, AWS_REGION, AWS_DEFAULT_REGION, lmi.json, profile, us-east-1", () => {
  const config =
    "[default]\nregion = eu-north-1\n\n[profile work]\nsso_region = us-west-1\nregion=eu-west-3 # home\n";
  const both = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2" };
  test.each([
    [{ region: "ap-south-1", projectRegion: "sa-east-1" }, both, "ap-south-1"],
    [{ projectRegion: "sa-east-1" }, both, "eu-west-1"],
    [{ projectRegion: "sa-east-1" }, { AWS_DEFAULT_REGION: "eu-west-2" }, "eu-west-2"],
    [{ projectRegion: "sa-east-1" }, {}, "sa-east-1"],
    [{}, {}, "eu-north-1"],
    [{ profile: "work" }, {}, "eu-west-3"],
    [{}, { AWS_PROFILE: "work" }, "eu-west-3"],
    [{ profile: "other" }, {}, "us-east-1"],
  ])("%o %o: %s", async (options, env, region) => {
    const home = await temporaryFolder({ ".aws/config": config });
    const system = recordingSystem({ home, cwd: home, env });
    const aws = await connectTarget(options, { system, reporter: new RecordingReporter() });
    expect(aws.target).toMatchObject({ region, local: false, endpoint: undefined });
  });

  test("a file named by AWS_CONFIG_FILE counts instead", async () => {
    const home = await temporaryFolder({ "my-config": config });
    const env = { AWS_CONFIG_FILE: join(home, "my-config") };
    const system = recordingSystem({ home, env });
    const aws = await connectTarget({}, { system, reporter: new RecordingReporter() });
    expect(aws.target.region).toBe("eu-north-1");
  });
});

describe("a mistyped region", () => {
  test.each([
    ["us-esat-1", "us-east-1"],
    ["useast1", "us-east-1"],
    ["eu-centrl-1", "eu-central-1"],
  ])("%s: did you mean %s?", (given, meant) => {
    expect(() => checkRegion(given)).toThrow(
      expect.objectContaining({
        code: "LMI_REGION_UNKNOWN",
        exitCode: 2,
        why: `Did you mean ${meant}?`,
      }),
    );
  });

  test.each(["us-east-1", "us-east-9", "us-gov-west-1", "eusc-de-east-1"])(
    "%s passes",
    (region) => {
      expect(() => checkRegion(region)).not.toThrow();
    },
  );

  test("other endpoints have their own regions", async () => {
    const system = recordingSystem({ env: { AWS_ENDPOINT_URL_LAMBDA: "http://localhost:1" } });
    const deps = { system, reporter: new RecordingReporter() };
    expect((await connectTarget({ region: "mars" }, deps)).target.region).toBe("mars");
  });
});
