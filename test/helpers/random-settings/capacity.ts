import * as fc from "fast-check";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { kmsKeys, retention, tags, word } from "./values.ts";

export type CapacityInput = NonNullable<SettingsInput["capacity"]>;
type ProviderInput = Omit<CapacityInput, "confusedDeputyProtection">;

const types = {
  x86_64: ["c7i.large", "c7a.2xlarge", "m7i.xlarge", "m6a.large", "r7i.2xlarge", "c6i.4xlarge"],
  arm64: ["c7g.large", "m7g.xlarge", "r8g.large", "c8g.4xlarge", "m6gd.large", "c7gn.xlarge"],
};

const some = (list: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: 4 });

/** Allowed types fit the architecture; excluded ones may be of any. */
const ofArchitecture = fc
  .record({
    architecture: fc.constantFrom(undefined, "x86_64" as const, "arm64"),
    listed: fc.constantFrom(undefined, "allow" as const, "exclude"),
    x86_64: some(types.x86_64),
    arm64: some(types.arm64),
    any: some([...types.x86_64, ...types.arm64, "t3.micro"]),
  })
  .map(({ architecture, listed, any, ...fitting }) => ({
    ...(architecture ? { architecture } : {}),
    ...(listed === "allow"
      ? { instanceTypes: { allow: fitting[architecture ?? "x86_64"] } }
      : listed === "exclude"
        ? { instanceTypes: { exclude: any } }
        : {}),
  }));

const others = fc.record(
  {
    maxVCpu: fc.oneof(fc.integer({ min: 12, max: 200 }), fc.integer({ min: 12, max: 15_000 })),
    scaling: fc.record({ targetCpu: fc.integer({ min: 1, max: 100 }) }),
    kmsKeyArn: kmsKeys,
    propagateTags: fc.oneof({ weight: 9, arbitrary: tags(4) }, { weight: 1, arbitrary: tags(40) }),
    logLevel: fc.constantFrom("DEBUG" as const, "INFO", "WARN"),
    logRetention: retention,
  },
  { requiredKeys: [] },
);

const provider: fc.Arbitrary<ProviderInput> = fc
  .tuple(ofArchitecture, others)
  .map(([own, more]) => ({ ...own, ...more }));

export const capacities: fc.Arbitrary<CapacityInput> = fc
  .tuple(
    provider,
    fc.constantFrom({}, { confusedDeputyProtection: true }, { confusedDeputyProtection: false }),
  )
  .map(([own, more]) => ({ ...own, ...more }));

export const furtherProviders: fc.Arbitrary<Record<string, ProviderInput>> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.dictionary(word(30), provider, { maxKeys: 3 }) },
);
