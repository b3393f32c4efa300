import { z } from "zod";
import { matching } from "./setting-values.ts";

/* Escape hatches: what CloudFormation knows and no setting says, in CloudFormation's own words. */

const logicalId = matching(
  /^[a-zA-Z0-9]{1,255}$/,
  "must be a logical id: 1 to 255 letters and digits",
);
const anything = z.record(z.string(), z.unknown(), { error: "must be an object" });
const value = z.union([z.string(), z.number(), z.boolean(), anything], {
  error: "must be a value, such as { Ref: … }",
});
const policyOf = (name: string) =>
  z
    .enum(["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"])
    .optional()
    .describe(`CloudFormation's ${name}.`);

const resource = z
  .strictObject({
    Type: matching(
      /^(Custom::[\w@-]{1,60}|[a-zA-Z0-9]+::[a-zA-Z0-9]+::[a-zA-Z0-9]+(::MODULE)?)$/,
      "must be a resource type such as AWS::SQS::Queue",
    ).describe("Type of the resource, such as AWS::SQS::Queue."),
    Properties: anything
      .optional()
      .describe("Its properties. Ref and Fn::GetAtt may name any resource of the stack."),
    DependsOn: z
      .union([z.string(), z.array(z.string())], { error: "must be a logical id or a list of them" })
      .optional()
      .describe("Logical ids of resources that must be there first."),
    Condition: z
      .string()
      .optional()
      .describe("One of conditions: only where it holds is the resource made."),
    DeletionPolicy: policyOf("DeletionPolicy: what becomes of it when the stack no longer has it"),
    UpdateReplacePolicy: policyOf("UpdateReplacePolicy: what becomes of it when it is replaced"),
    UpdatePolicy: anything.optional().describe("CloudFormation's UpdatePolicy."),
    CreationPolicy: anything.optional().describe("CloudFormation's CreationPolicy."),
    Metadata: anything.optional().describe("Metadata of the resource."),
  })
  .describe("A resource, in CloudFormation's words.");

const output = z
  .strictObject({
    Value: value.describe("What it says, such as { Ref: … }."),
    Description: z.string().optional().describe("What it is."),
    Condition: z.string().optional().describe("One of conditions."),
    Export: z
      .strictObject({ Name: value.describe("Name of the export.") })
      .optional()
      .describe("Makes it known to other stacks."),
  })
  .describe("An output, in CloudFormation's words.");

const parameter = z
  .looseObject({
    Type: z
      .string({ error: "must be a type such as String" })
      .describe("Type, such as String or AWS::SSM::Parameter::Value<String>."),
    // Nobody is asked for a value while deploying.
    Default: z
      .union([z.string(), z.number()], { error: "must be the value: no other one is ever given" })
      .describe("Its value; for the types of SSM the name of the parameter there."),
  })
  .describe("A parameter, in CloudFormation's words.");

/** Settings of the stack's template itself; every environment may have its own. */
export const hatches = {
  overrides: z
    .record(z.string(), anything)
    .describe(
      "Changes to resources that lmi makes, after everything else: by logical id (lmi synth shows them), by the name of a function or capacity provider, or by type for all of that type; then by path such as Properties.Timeout. null removes.",
    ),
  resources: z
    .record(logicalId, resource)
    .describe("Further resources of the stack, by logical id, in CloudFormation's words."),
  outputs: z
    .record(logicalId, output)
    .describe("Further outputs of the stack, by name, in CloudFormation's words."),
  conditions: z
    .record(logicalId, anything)
    .describe("Conditions that resources and outputs may name, in CloudFormation's words."),
  parameters: z
    .record(logicalId, parameter)
    .describe("Parameters of the template with their values, in CloudFormation's words."),
};
