import { z } from "zod";
import { kmsKeyArn, matching, retention, tagsOf, whole } from "./setting-values.ts";

const instanceTypeList = z
  .array(
    matching(
      /^[a-z0-9-]+\.[a-z0-9-]+$/,
      "must be an EC2 instance type such as m7g.large, without wildcards",
    ),
  )
  .min(1, { error: "must name at least one instance type" })
  .max(400, { error: "must name at most 400 instance types" });

const own = z.strictObject({
  architecture: z
    .enum(["x86_64", "arm64"])
    .default("x86_64")
    .describe("Processor architecture of instances and functions."),
  // The API model allows 2 (botocore, lambda 2015-03-31); CDK and measured deployments need 12.
  maxVCpu: whole(12, 15_000)
    .default(30)
    .describe(
      "The most vCPUs that all instances may have together: the limit of what it can cost.",
    ),
  instanceTypes: z
    .strictObject({
      allow: instanceTypeList
        .optional()
        .describe("Only these instance types. Leaving it to Lambda starts faster."),
      exclude: instanceTypeList.optional().describe("Never these instance types."),
    })
    .optional()
    .describe("Instance types to allow or to exclude, not both."),
  scaling: z
    .strictObject({
      targetCpu: whole(1, 100).describe(
        "Average CPU use, in percent, that Lambda keeps the instances at: 30 for latency, 70 for cost.",
      ),
    })
    .optional()
    .describe("Manual scaling towards a target. Default: Lambda scales by itself (Auto)."),
  kmsKeyArn: kmsKeyArn
    .optional()
    .describe("Key of the instances' volumes. Default: a key that AWS manages."),
  // At most 40 (AWS::Lambda::CapacityProvider, PropagateTags).
  propagateTags: tagsOf(40)
    .optional()
    .describe("Tags of instances, volumes and network interfaces launched from now on, up to 40."),
  logLevel: z
    .enum(["DEBUG", "INFO", "WARN"])
    .optional()
    .describe("Least level of the capacity provider's own log. Lambda's default: INFO."),
  logRetention: retention,
});

export const capacity = own
  .extend({
    confusedDeputyProtection: z
      .boolean()
      .default(false)
      .describe(
        "Adds aws:SourceAccount and aws:SourceArn conditions to the trust policies of the roles.",
      ),
  })
  .describe("The capacity provider: the instances that functions run on.");

/** More of them, for functions that must not share instances, or need others. */
export const capacityProviders = z
  .record(
    matching(
      /^[a-zA-Z][a-zA-Z0-9-]{0,29}$/,
      "must begin with a letter and have at most 30 letters, digits and -",
    ),
    own.prefault({}).describe("A capacity provider, with the settings of capacity."),
  )
  .describe("Further capacity providers, by name, for functions that name them.");
