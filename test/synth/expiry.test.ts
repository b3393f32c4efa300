import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { synthesize } from "../../src/synth/synthesize.ts";
import { builtFunctions, settingsOf } from "./reference-settings.ts";

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties?: Readonly<Record<string, unknown>>;
}

test("what deletes a stack comes again until all else is gone, and goes last", async () => {
  const outdir = await mkdtemp(join(tmpdir(), "lmi-test-"));
  onTestFinished(() => rm(outdir, { recursive: true, force: true }));
  const settings = settingsOf({ ttl: "4h" });
  const { template } = await synthesize({ settings, outdir, assets: builtFunctions(settings) });
  const resources = Object.entries(template.Resources as Readonly<Record<string, Resource>>);
  const independent = resources
    .filter(([, { DependsOn = [] }]) => ![DependsOn].flat().includes("ExpirySchedule"))
    .map(([id]) => id);
  expect(independent.toSorted()).toEqual(["ExpiryRole", "ExpirySchedule"]);
  expect(resources.find(([id]) => id === "ExpirySchedule")?.[1].Properties).toMatchObject({
    ScheduleExpression: "rate(30 minutes)",
    StartDate: { "Fn::Join": ["", [{ Ref: "ExpiresAt" }, ".000Z"]] },
    Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
  });
});
