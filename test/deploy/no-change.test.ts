import { expect, test } from "vitest";
import { isUpToDate } from "../../src/deploy/no-change.ts";
import { stackState } from "./fake-aws.ts";

const wanted = {
  template: { Resources: { A: { Type: "AWS::EC2::VPC", Properties: { x: 1, y: undefined } } } },
  tags: { "lmi:project": "hello" },
};
const deployed = '{"Resources":{"A":{"Properties":{"x":1},"Type":"AWS::EC2::VPC"}}}';

test("the same template and tags need no deployment, whatever the order of keys", () => {
  expect(isUpToDate(wanted, stackState(), deployed)).toBe(true);
});

const by = (version: string, project = "hello") => ({ lmi: { version, project }, other: 1 });

test("another version of lmi alone needs no deployment, another project does", () => {
  const template = { ...wanted.template, Metadata: by("2.0.0") };
  const older = (metadata: object) => JSON.stringify({ ...wanted.template, Metadata: metadata });
  expect(isUpToDate({ ...wanted, template }, stackState(), older(by("1.0.0")))).toBe(true);
  expect(isUpToDate({ ...wanted, template }, stackState(), older(by("1.0.0", "x")))).toBe(false);
});

test.each([
  ["another value", stackState(), deployed.replace("1", "2")],
  ["another tag", stackState({ tags: { "lmi:project": "hello", team: "a" } }), deployed],
  ["a stack that failed", stackState({ status: "UPDATE_FAILED" }), deployed],
  ["a template in YAML", stackState(), "Resources: {}"],
  ["no template", stackState(), undefined],
])("%s needs one", (_what, stack, template) => {
  expect(isUpToDate(wanted, stack, template)).toBe(false);
});
