import * as fc from "fast-check";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";

/** CloudFormation's own words, all of them fitting together. */
export const hatches: fc.Arbitrary<
  Pick<SettingsInput, "overrides" | "resources" | "outputs" | "conditions" | "parameters">
> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        conditions: fc.constant({ Always: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } }),
        parameters: fc.constant({ Stage: { Type: "String", Default: "prod" } }),
        resources: fc
          .record(
            {
              Condition: fc.constant("Always"),
              DependsOn: fc.constantFrom("OperatorRole", ["OperatorRole"]),
              DeletionPolicy: fc.constantFrom("Delete" as const, "Retain", "RetainExceptOnCreate"),
              UpdateReplacePolicy: fc.constantFrom("Delete" as const, "Retain"),
              Metadata: fc.constant({ owner: "shop" }),
              Properties: fc.constant({
                Description: "read by the shop",
                Type: "String",
                Value: "1",
              }),
            },
            { requiredKeys: ["Properties", "Condition", "DeletionPolicy", "UpdateReplacePolicy"] },
          )
          .map((own) => ({ Own: { Type: "AWS::SSM::Parameter", ...own } })),
        outputs: fc
          .record(
            {
              Description: fc.constant("Of the shop"),
              Export: fc.constant({ Name: "shop-own" }),
            },
            { requiredKeys: [] },
          )
          .map((own) => ({ OwnName: { Value: { Ref: "Own" }, Condition: "Always", ...own } })),
        overrides: fc.constantFrom<NonNullable<SettingsInput["overrides"]>>(
          { OperatorRole: { "Properties.Description": "of the shop" } },
          { "AWS::IAM::Role": { "Properties.MaxSessionDuration": 7200 } },
        ),
      },
      { requiredKeys: ["conditions", "parameters", "resources", "outputs"] },
    ),
  },
);
