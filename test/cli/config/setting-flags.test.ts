import { describe, expect, it } from "vitest";
import { knownKeys } from "../../../src/cli/config/known-keys.ts";
import { settingFlags } from "../../../src/cli/config/setting-flags.ts";
import { settingsSchema } from "../../../src/synth/settings-schema.ts";

describe("settingFlags", () => {
  it("set settings that the schema has", () => {
    for (const { path, scope } of settingFlags.filter((flag) => flag.scope !== "selector")) {
      const full = scope === "function" ? ["functions", "f", ...path] : [...path];
      expect(knownKeys(settingsSchema, full.slice(0, -1)), full.join(".")).toContain(full.at(-1));
    }
  });

  it("have attributes as commander makes them, and variables of the same words", () => {
    for (const { flags, attribute, variable } of settingFlags) {
      const words = (flags.split(" ")[0] ?? "").slice(2).split("-");
      expect(attribute).toBe(
        words.map((word, i) => (i === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join(""),
      );
      const expected = `LMI_${words.join("_").toUpperCase()}`;
      expect(variable ?? expected).toBe(expected);
    }
  });
});
