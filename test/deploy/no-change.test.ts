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

test.each([
  ["another value", stackState(), deployed.replace("1", "2")],
  ["another tag", stackState({ tags: { "lmi:project": "hello", team: "a" } }), deployed],
  ["a stack that failed", stackState({ status: "UPDATE_FAILED" }), deployed],
  ["a template in YAML", stackState(), "Resources: {}"],
  ["no template", stackState(), undefined],
])("%s needs one", (_what, stack, template) => {
  expect(isUpToDate(wanted, stack, template)).toBe(false);
});
