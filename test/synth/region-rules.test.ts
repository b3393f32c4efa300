import { expect, test } from "vitest";
import { checkSettings } from "../../src/synth/rules.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";

const found = (input: SettingsInput) =>
  checkSettings(settingsOf(input)).map(({ severity, code, path, message }) => ({
    severity,
    code,
    path: path.join("."),
    message,
  }));

test.each(["eu-west-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])(
  "%s is a region",
  (region) => {
    expect(found({ region })).toEqual([]);
  },
);

test("a region that is near one is told with it", () => {
  expect(found({ region: "us-esat-1" })).toMatchObject([
    { code: "region-unknown", severity: "warning", message: expect.stringContaining("us-east-1?") },
  ]);
});

test("a region without Managed Instances is told", () => {
  expect(found({ region: "me-south-1" })).toMatchObject([{ code: "region-without" }]);
});

const key = "arn:aws:kms:eu-west-1:123456789012:key/0123abcd";
const queue = "arn:aws:sqs:eu-west-1:123456789012:jobs";

test("what lies in another region is refused, each with its path", () => {
  const settings: SettingsInput = {
    region: "us-east-1",
    capacity: { kmsKeyArn: key },
    functions: {
      api: {
        layers: ["arn:aws:lambda:eu-west-1:123456789012:layer:tools:1"],
        events: [{ type: "sqs", arn: queue }],
        policies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        environment: { QUEUE: queue },
      },
    },
  };
  expect(found(settings).filter(({ severity }) => severity === "error")).toMatchObject([
    { code: "arn-region", path: "capacity.kmsKeyArn" },
    { code: "arn-region", path: "functions.api.layers.0" },
    { code: "arn-region", path: "functions.api.events.0.arn" },
  ]);
});

test("a topic may lie elsewhere, and without a region nothing is known", () => {
  const topic = { type: "sns" as const, arn: "arn:aws:sns:eu-west-1:123456789012:orders" };
  const functions = { api: { events: [topic] } };
  expect(found({ region: "us-east-1", functions })).toEqual([]);
  expect(found({ capacity: { kmsKeyArn: key } })).toEqual([]);
});

test("names of AWS that are mistyped are told with what was meant", () => {
  const settings: SettingsInput = {
    network: { egress: "endpoints", endpoints: ["secretmanager"] },
    capacity: { architecture: "arm64", instanceTypes: { allow: ["m77g.large"] } },
  };
  expect(found(settings)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        code: "endpoint-unknown",
        message: expect.stringContaining("secretsmanager?"),
      }),
      expect.objectContaining({
        code: "instance-type-unknown",
        message: expect.stringContaining("m7g.large?"),
      }),
    ]),
  );
});
