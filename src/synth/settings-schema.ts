import { z } from "zod";
import { capacity, capacityProviders } from "./capacity-schema.ts";
import { defaultFunctionName } from "./default-names.ts";
import { functionSettings } from "./function-schema.ts";
import { hatches } from "./hatch-schema.ts";
import { pauseSchedule, ttl } from "./lifetime-schema.ts";
import { network } from "./network-schema.ts";
import { counted, matching, tagsOf } from "./setting-values.ts";

/**
 * What lmi.json may say. The one source of keys, descriptions, defaults and ranges: lmi.schema.json is generated from it
 * (scripts/generate-schema.mjs), and rules between settings are in rules.ts.
 */

const functions = counted(
  z.record(
    matching(/^[a-zA-Z0-9-_]{1,64}$/, "must be 1 to 64 letters, digits, - and _"),
    functionSettings.prefault({}),
  ),
  { least: 1 },
  "must have at least one function",
).describe("The functions, by name.");

// CloudFormation takes 50 for a stack, and lmi adds one.
const tags = tagsOf(49).describe("Tags of every resource.");

const region = matching(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, "must be a region such as us-east-1");

const overlay = z
  .strictObject({
    region: region.optional().describe("Region of this environment."),
    network: network.optional(),
    capacity: capacity.optional(),
    capacityProviders: capacityProviders.optional(),
    functions: z
      .record(z.string(), functionSettings)
      .optional()
      .describe("The functions, by name."),
    tags: tags.optional(),
    schedule: pauseSchedule.optional(),
    ttl: ttl.optional(),
    overrides: hatches.overrides.optional(),
    resources: hatches.resources.optional(),
    outputs: hatches.outputs.optional(),
    conditions: hatches.conditions.optional(),
    parameters: hatches.parameters.optional(),
  })
  .describe("Settings that differ in this environment.");

export const settingsSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Path of lmi.schema.json, for editors."),
    name: matching(
      /^[a-zA-Z][a-zA-Z0-9-]{0,49}$/,
      "must begin with a letter and have at most 50 letters, digits and -",
    )
      .optional()
      .describe(
        "Name of the project; the stack is called lmi-<name>. Default: the name of the folder.",
      ),
    region: region
      .optional()
      .describe("AWS region, unless --region or AWS_REGION say another one."),
    network: network.prefault({}),
    capacity: capacity.prefault({}),
    capacityProviders: capacityProviders.default({}),
    functions: functions.prefault({ [defaultFunctionName]: {} }),
    tags: tags.default({}),
    schedule: pauseSchedule.optional(),
    ttl: ttl.optional(),
    allowUnsupportedRuntime: z
      .boolean()
      .default(false)
      .describe(
        "Leaves it to AWS to refuse a runtime that is not known to work on Managed Instances.",
      ),
    overrides: hatches.overrides.default({}),
    resources: hatches.resources.default({}),
    outputs: hatches.outputs.default({}),
    conditions: hatches.conditions.default({}),
    parameters: hatches.parameters.default({}),
    environments: z
      .record(
        matching(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,29}$/, "must be at most 30 letters, digits and -"),
        overlay,
      )
      .default({})
      .describe("Settings that differ by environment, chosen with --env."),
  })
  .describe("Settings of an lmi project: AWS Lambda Managed Instances.");

/** What lmi.json says. */
export type SettingsInput = z.input<typeof settingsSchema>;
/** The same with defaults filled in. */
export type SettingsOutput = z.output<typeof settingsSchema>;
