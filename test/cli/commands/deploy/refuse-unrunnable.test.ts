import { expect, test } from "vitest";

import { refuseUnrunnable } from "../../../../src/cli/commands/deploy/refuse-unrunnable.ts";
import { settingsOf } from "../../../synth/reference-settings.ts";

const ready = { entry: "build", handler: "a.b" };

test("names the functions that the local target does not run", () => {
  const settings = settingsOf({
    functions: {
      web: {},
      reports: { ...ready, runtime: "python3.14" },
      fast: { ...ready, runtime: "provided.al2023" },
      old: { ...ready, runtime: "java25" },
    },
  });
  expect(() => refuseUnrunnable(settings)).toThrow(
    expect.objectContaining({
      code: "LMI_LOCAL_RUNTIME",
      exitCode: 2,
      message: "The local target cannot run reports (python3.14), old (java25).",
    }),
  );
});

test("has nothing against Node.js and what brings its own runtime", () => {
  const fast = { ...ready, runtime: "provided.al2023" };
  expect(() => refuseUnrunnable(settingsOf({ functions: { web: {}, fast } }))).not.toThrow();
});
