import { expect, test } from "vitest";
import { parseTemplate } from "../../../../src/local/cloudformation/template/parse.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from "@aws-sdk/client-cloudformation";

const deep = (open: string, close: string) => `${open.repeat(100_000)}${close.repeat(100_000)}`;
const laughs = [
  "a0: &a0 [x, x, x, x, x, x, x, x, x]",
  ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]`),
].join("\n");

test.each([
  ["arrays in JSON", `{"Resources":${deep("[", "]")}}`],
  ["objects in JSON", `{"Resources":${deep('{"a":', "}").replace("}", "1}")}}`],
  ["flow lists in YAML", `Resources: ${deep("[", "]")}`],
  ["block lists in YAML", `Resources:\n ${"- ".repeat(20_000)}x`],
  ["aliases of aliases", `${laughs}\nResources: *a9`],
  ["an alias of itself", "Resources: &a [*a]"],
  ["an unknown alias", "Resources: *nobody"],
  ["a merge of itself", "Resources: &a\n  <<: *a"],
  ["an anchor in a cycle of maps", "Resources: &a\n  b: *a"],
  ["nothing", ""],
  ["NUL", "\0"],
  ["a lone surrogate", '{"Resources":{"\uD800":1}}'],
  ["one of JavaScript's own names in place of an object", '{"Resources":{"__proto__":1}}'],
])("%s in place of a template is refused as a template", (_what, body) => {
  expect(() => parseTemplate(body)).toThrow(expect.objectContaining({ code: "ValidationError" }));
});

const parameter = (Value: unknown, more: object = {}) => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Type: "String", Value },
  ...more,
});

test("names that every JavaScript object knows are names like others", async () => {
  const target = await startTestTarget();
  const client = target.client(CloudFormationClient);
  const TemplateBody = JSON.stringify({
    Parameters: { valueOf: { Type: "String", Default: "p" } },
    Mappings: { toString: { isPrototypeOf: { hasOwnProperty: "m" } } },
    Conditions: { constructor: { "Fn::Equals": ["a", "a"] } },
    Resources: {
      constructor: parameter({ Ref: "valueOf" }, { Condition: "constructor" }),
      toString: parameter({ "Fn::FindInMap": ["toString", "isPrototypeOf", "hasOwnProperty"] }),
      hasOwnProperty: parameter({ "Fn::Sub": "${constructor}" }),
    },
    Outputs: { constructor: { Value: { "Fn::GetAtt": ["toString", "Value"] } } },
  });
  const StackName = "constructor";
  const ClientRequestToken = "constructor";
  await client.send(new CreateStackCommand({ StackName, TemplateBody, ClientRequestToken }));
  const settings = { client, maxWaitTime: 20, minDelay: 0.05, maxDelay: 1 };
  await waitUntilStackCreateComplete(settings, { StackName });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks?.[0]?.Outputs).toMatchObject([{ OutputKey: "constructor", OutputValue: "m" }]);
  const undeclared = { Resources: { A: parameter({ Ref: "constructor" }) } };
  await expect(
    client.send(
      new CreateStackCommand({ StackName: "b", TemplateBody: JSON.stringify(undeclared) }),
    ),
  ).rejects.toThrow(/Unresolved resource dependencies \[constructor\]/);
  await client.send(new DeleteStackCommand({ StackName }));
});
