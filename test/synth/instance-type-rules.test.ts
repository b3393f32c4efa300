import { describe, expect, it } from "vitest";

import { checkSettings } from "../../src/synth/rules.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";

const issuesOf = (input: SettingsInput) =>
  checkSettings(settingsOf(input)).map(({ code, severity, path, message }) => ({
    rule: `${severity} ${code}`,
    path: path.join("."),
    message,
  }));

const allowing = (allow: string[], memory = 2048, more: object = {}): SettingsInput => ({
  capacity: { maxVCpu: 200, instanceTypes: { allow }, ...more },
  functions: { f: { memory } },
});

const one = { minEnvironments: 1, maxEnvironments: 1 };

describe("instance types", () => {
  it.each<[string, SettingsInput, string, string, RegExp]>([
    [
      "both allowed and excluded",
      { capacity: { instanceTypes: { allow: ["m7i.large"], exclude: ["m5.large"] } } },
      "error instance-types-both",
      "capacity.instanceTypes",
      /allow or exclude/,
    ],
    [
      "of another architecture",
      allowing(["m7g.large"]),
      "error instance-type-unsuitable",
      "capacity.instanceTypes.allow",
      /is arm64, but capacity.architecture is x86_64/,
    ],
    [
      "burstable",
      allowing(["t3.large"]),
      "error instance-type-unsuitable",
      "capacity.instanceTypes.allow",
      /burstable/,
    ],
    [
      "of another family",
      allowing(["x2idn.16xlarge"]),
      "warning instance-type-family",
      "capacity.instanceTypes.allow",
      /not of the families C, M and R/,
    ],
    [
      // 8 GB at 2 GiB a vCPU are 4 vCPUs; m7i.large has 2.
      "without the vCPUs of an environment",
      allowing(["m7i.large"], 8192),
      "error instance-types-too-small",
      "capacity.instanceTypes.allow",
      /have no room for an environment of f: 4 vCPUs and 8 GiB$/,
    ],
    [
      // c7i.2xlarge has 8 vCPUs and 16 GiB, of which 7 and 15 are left.
      "without the vCPU that Lambda keeps",
      allowing(["c7i.2xlarge"], 16_384),
      "warning instance-types-too-small",
      "capacity.instanceTypes.allow",
      /leave no room for an environment of f: 8 vCPUs and 16 GiB beside/,
    ],
    [
      "larger than the cap",
      allowing(["m7i.24xlarge"], 2048, { maxVCpu: 30 }),
      "error max-vcpu-below-instance",
      "capacity.maxVCpu",
      /the smallest of instanceTypes.allow has 96 vCPUs/,
    ],
    [
      "with a cap below what always runs",
      { capacity: { maxVCpu: 12 }, functions: { f: { minEnvironments: 13, maxEnvironments: 20 } } },
      "error max-vcpu-below-minimum",
      "capacity.maxVCpu",
      /is less than the 13 vCPUs of the execution environments/,
    ],
    [
      // 3 environments of 4 vCPUs, an instance, and one of 4 + 1 to replace it: 12 + 1 + 5
      "with a cap that has no room to replace one",
      { capacity: { maxVCpu: 17 }, functions: { f: { memory: 8192 } } },
      "warning max-vcpu-tight",
      "capacity.maxVCpu",
      /about 18 with room to replace an instance/,
    ],
    [
      // A 4xlarge in each of three zones, and another one while one of them is replaced.
      "with a cap below the smallest allowed ones of all zones",
      {
        ...allowing(["m7i.4xlarge", "m7i.8xlarge"], 2048, { maxVCpu: 63 }),
        network: { azs: 3 },
      },
      "warning max-vcpu-tight",
      "capacity.maxVCpu",
      /64 vCPUs with one to replace another: 3 × 16 \+ 16$/,
    ],
    [
      // 8 vCPUs leave no room for an environment of 8: 12 it is, and so many again.
      "with a cap below the smallest that hold an environment",
      { capacity: { maxVCpu: 23 }, functions: { f: { memory: 16_384, ...one } } },
      "warning max-vcpu-tight",
      "capacity.maxVCpu",
      /24 vCPUs with one to replace another: 1 × 12 \+ 12$/,
    ],
  ])("%s are told", (_what, input, rule, path, message) => {
    expect(issuesOf(input)).toEqual([{ rule, path, message: expect.stringMatching(message) }]);
  });

  it.each<[string, SettingsInput]>([
    ["a type that holds exactly one", allowing(["m7i.large"])],
    ["one of several that is large enough", allowing(["m7i.large", "c7i.4xlarge"], 8192)],
    ["a size that nobody knows", allowing(["m7i.metal-24xl"], 32_768)],
    [
      "a cap of exactly what the smallest of all zones have",
      { ...allowing(["m7i.4xlarge"], 2048, { maxVCpu: 64 }), network: { azs: 3 } },
    ],
    [
      "a cap below three zones where one environment runs in one",
      {
        capacity: { maxVCpu: 32, instanceTypes: { allow: ["m7i.4xlarge"] } },
        network: { azs: 3 },
        functions: { f: { memory: 2048, ...one } },
      },
    ],
    [
      "a cap of exactly what is needed",
      { capacity: { maxVCpu: 18 }, functions: { f: { memory: 8192 } } },
    ],
  ])("of %s nothing is said", (_what, input) => {
    expect(issuesOf(input)).toEqual([]);
  });

  it("are judged for each provider by itself", () => {
    const input: SettingsInput = {
      capacityProviders: { batch: { instanceTypes: { allow: ["m7i.large"] }, maxVCpu: 99 } },
      functions: { api: {}, jobs: { capacityProvider: "batch", memory: 16_384 } },
    };
    expect(issuesOf(input)).toMatchObject([
      {
        rule: "error instance-types-too-small",
        path: "capacityProviders.batch.instanceTypes.allow",
      },
    ]);
  });
});
