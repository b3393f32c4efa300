import { describe, expect, test } from "vitest";

import type { ChangeSummary, ResourceChange } from "../../src/deploy/changes.ts";
import { explainReason } from "../../src/deploy/reason-codes.ts";
import { refusals } from "../../src/deploy/refusals.ts";
import { takenNames } from "../../src/deploy/taken-names.ts";
import { LmiError } from "../../src/errors.ts";
import { recordingAws } from "../helpers/recording-aws.ts";
import { publishedState } from "./fake-aws.ts";

const functionType = "AWS::Lambda::Function";
const managed = { CapacityProviderConfig: {} };

const functionOf = (properties: object) => ({
  Resources: { Fn: { Type: functionType, Properties: { FunctionName: "hello", ...properties } } },
});

const changed = (...resources: ResourceChange[]): ChangeSummary => ({
  resources,
  security: [],
  broadening: false,
  otherChanges: false,
  tags: [],
});

const replaced = (type: string, name: string): ResourceChange => ({
  logicalId: "It",
  type,
  kind: "replace",
  properties: [
    { name, before: "a", after: "b", replaces: true },
    { name: "Tags", before: "[]", after: "[1]", replaces: false },
  ],
});

const providerOf = (properties: object) => ({
  Resources: { It: { Type: "AWS::Lambda::CapacityProvider", Properties: properties } },
});

const ofType = (logicalId: string, type: string, kind: ResourceChange["kind"] = "replace") => ({
  logicalId,
  type: `AWS::EC2::${type}`,
  kind,
  properties: [],
});

const refusalsOf = (...resources: ResourceChange[]) =>
  refusals({ wanted: {}, deployed: "{}" }, changed(...resources));

describe("a function that is deployed", () => {
  test.each([
    ["to managed instances", {}, managed, /hello is a default .* cannot become a function on mana/],
    ["back", managed, {}, /hello is a function on managed .* cannot become a default/],
  ])("is not switched %s", (_way, before, after, message) => {
    const templates = { wanted: functionOf(after), deployed: JSON.stringify(functionOf(before)) };
    expect(refusals(templates, changed())).toEqual([
      expect.objectContaining({
        code: "LMI_FUNCTION_KIND",
        exitCode: 2,
        message: expect.stringMatching(message),
        next: expect.stringContaining("another name"),
      }),
    ]);
  });

  test.each([
    ["stays what it is", functionOf(managed), JSON.stringify(functionOf(managed))],
    ["is new", functionOf(managed), undefined],
    ["is no function yet", functionOf(managed), '{"Resources":{"Fn":{"Type":"AWS::IAM::Role"}}}'],
    ["is told in YAML", functionOf(managed), "Resources: {}"],
  ])("may be changed where it %s", (_what, wanted, deployed) => {
    expect(refusals({ wanted, deployed }, changed())).toEqual([]);
  });
});

describe("a replacement", () => {
  const change = changed(replaced("AWS::Lambda::CapacityProvider", "KmsKeyArn"));
  const kept = { CapacityProviderName: "pool" };

  test("of what keeps its name is refused, with what makes it one", () => {
    const templates = { wanted: providerOf(kept), deployed: JSON.stringify(providerOf(kept)) };
    expect(refusals(templates, change)).toEqual([
      expect.objectContaining({
        code: "LMI_REPLACEMENT_REFUSED",
        message: "It cannot be replaced while it is called pool.",
        why: expect.stringMatching(/^KmsKeyArn can only change with a new AWS::Lambda::Capacity/),
        next: "Give it another CapacityProviderName, or none",
      }),
    ]);
  });

  test.each([
    ["is renamed", { CapacityProviderName: "pool2" }, kept],
    ["has no name", {}, {}],
    ["had none", kept, {}],
  ])("is taken where the resource %s", (_what, wanted, deployed) => {
    const templates = {
      wanted: providerOf(wanted),
      deployed: JSON.stringify(providerOf(deployed)),
    };
    expect(refusals(templates, change)).toEqual([]);
  });
});

describe("a network that would move", () => {
  test("is refused while its gateways are in use", () => {
    const vpc = ofType("Vpc", "VPC");
    const found = refusalsOf(
      vpc,
      ofType("Attachment", "VPCGatewayAttachment"),
      ofType("Nat", "NatGateway"),
    );
    expect(found).toEqual([
      expect.objectContaining({
        code: "LMI_NETWORK_REPLACEMENT",
        why: expect.stringContaining("make Attachment and Nat anew"),
      }),
    ]);
  });

  test("is taken where it has none, or they are made anew, too", () => {
    expect(refusalsOf(ofType("Vpc", "VPC"), ofType("Subnet", "Subnet"))).toEqual([]);
    expect(refusalsOf(ofType("Nat", "NatGateway"), ofType("Address", "EIP"))).toEqual([]);
    expect(refusalsOf(ofType("Nat", "NatGateway", "remove"))).toEqual([]);
  });
});

describe("a name of a new function", () => {
  const change = changed({ logicalId: "Fn", type: functionType, kind: "add", properties: [] });
  const look = (find: () => Promise<ReturnType<typeof publishedState> | undefined>) =>
    takenNames(functionOf(managed), change, { aws: recordingAws({ functions: { find } }) });

  test("must not be that of a default function", async () => {
    const found = await look(async () => publishedState({ capacityProviderArn: undefined }));
    expect(found).toEqual([
      expect.objectContaining({
        code: "LMI_FUNCTION_KIND",
        message: expect.stringContaining("There is a default Lambda function hello"),
      }),
    ]);
  });

  test("must not be that of another function on managed instances", async () => {
    const found = await look(async () => publishedState({ capacityProviderArn: "arn:pool" }));
    expect(found).toEqual([expect.objectContaining({ code: "LMI_FUNCTION_NAME_TAKEN" })]);
  });

  test("is free where there is none, or where nobody may look", async () => {
    expect(await look(async () => undefined)).toEqual([]);
    const denied = new LmiError("LMI_ACCESS_DENIED", "no");
    expect(await look(() => Promise.reject(denied))).toEqual([]);
    await expect(look(() => Promise.reject(new Error("lost")))).rejects.toThrow("lost");
  });

  test("is not looked at where the function is there already", async () => {
    const aws = recordingAws();
    const modified = changed({
      logicalId: "Fn",
      type: functionType,
      kind: "modify",
      properties: [],
    });
    expect(await takenNames(functionOf(managed), modified, { aws })).toEqual([]);
  });
});

test.each([
  ["FunctionVersionsPerCapacityProviderLimitExceededException: too many", "LMI_VERSION_LIMIT"],
  ["The maximum number of function versions for the capacity provider has", "LMI_VERSION_LIMIT"],
  ["CapacityProviderConfig isn't supported for Lambda Default functions.", "LMI_FUNCTION_KIND"],
])("“%s” is explained", (text, code) => {
  expect(explainReason(text)?.code).toBe(code);
});
