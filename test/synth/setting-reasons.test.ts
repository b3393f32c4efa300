import { readFileSync } from "node:fs";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { expect, test } from "vitest";
import { reasonOf } from "../../src/synth/rule-catalogue.ts";
import { settingProperties } from "../../src/synth/setting-reasons.ts";

test.each([
  ["capacity.maxVCpu", "AWS::Lambda::CapacityProvider, CapacityProviderScalingConfig.MaxVCpuCount"],
  ["capacityProviders.gpu.logLevel", "TelemetryConfig.LoggingConfig.SystemLogLevel"],
  ["functions.api.memory", "AWS::Lambda::Function, MemorySize"],
  ["functions.a b", "AWS::Lambda::Function, FunctionName"],
  ["functions.api.events.0.batchSize", "AWS::Lambda::EventSourceMapping, BatchSize"],
  ["functions.api.url.cors.maxAge", "AWS::Lambda::Url, Cors"],
])("what the schema refuses of %s has its own source", (path, source) => {
  expect(reasonOf("too-big", path).source).toContain(source);
});

test.each(["functions.api.bundle.minify", "allowUnsupportedRuntime", "name"])(
  "%s is lmi's own",
  (path) => {
    expect(reasonOf("invalid-type", path).source).toContain("docs/settings.md");
  },
);

test("a rule's own reason wins", () => {
  expect(reasonOf("memory-ratio", "functions.api.memory").why).toContain("each vCPU");
});

const doc = readFileSync(new URL("../../docs/settings.md", import.meta.url), "utf8");

test("every setting that has a property is one", () => {
  const known = new Set(
    [...doc.matchAll(/^\| `(?<key>[^`]+)`/gm)].map(({ groups }) =>
      (groups?.["key"] ?? "").replace("<name>", "*").replace(/events\[\w+\]/, "events.*"),
    ),
  );
  const isKnown = (key: string) =>
    [...known].some((each) => each === key || each.startsWith(`${key}.`));
  expect(Object.keys(settingProperties).filter((key) => !isKnown(key))).toEqual([]);
});

test("every property is one of AWS's resource data", () => {
  const data = loadAwsServiceSpecSync();
  const unknown = Object.values(settingProperties).filter(([type, property]) => {
    if (type === "AWS::CloudFormation::Stack") return false;
    const [resource] = data.lookup("resource", "cloudFormationType", "equals", type);
    return resource?.properties[property.split(".")[0] ?? ""] === undefined;
  });
  expect(unknown).toEqual([]);
});
