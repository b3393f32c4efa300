import { z } from "zod";
import { defaultFunctionName } from "./default-names.ts";

/**
 * What lmi.json may say. The one source of keys, descriptions, defaults and ranges: lmi.schema.json is generated from it
 * (scripts/generate-schema.mjs), and rules between settings are in rules.ts.
 */

/** Retention times that CloudWatch Logs knows, in days (Amazon CloudWatch Logs API, PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

const idPattern = (prefix: string) => new RegExp(`^${prefix}-[0-9a-f]{8,17}$`);
const whole = (minimum: number, maximum: number) =>
  z
    .int({ error: `must be a whole number from ${minimum} to ${maximum}` })
    .min(minimum, { error: `must be from ${minimum} to ${maximum}` })
    .max(maximum, { error: `must be from ${minimum} to ${maximum}` });
const matching = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

const instanceTypeList = z
  .array(
    matching(
      /^[a-z0-9-]+\.[a-z0-9-]+$/,
      "must be an EC2 instance type such as m7g.large, without wildcards",
    ),
  )
  .min(1, { error: "must name at least one instance type" })
  .max(400, { error: "must name at most 400 instance types" });

const network = z
  .strictObject({
    cidr: z.string().default("10.0.0.0/16").describe("IPv4 range of the new VPC, /16 to /24."),
    azs: whole(1, 3)
      .default(1)
      .describe(
        "Availability zones that instances are spread over. Lambda starts an instance in each zone, so each one costs.",
      ),
    egress: z
      .enum(["nat", "endpoints", "public", "none"])
      .default("nat")
      .describe(
        "How functions reach the outside: nat (private subnets, one NAT gateway), endpoints (only CloudWatch Logs and S3), public (public subnets and addresses), none (no logs either).",
      ),
    vpcId: matching(idPattern("vpc"), "must be a VPC id such as vpc-0123456789abcdef0")
      .optional()
      .describe(
        "A VPC that exists, instead of a new one; goes with subnetIds and securityGroupIds.",
      ),
    subnetIds: z
      .array(matching(idPattern("subnet"), "must be a subnet id such as subnet-0123456789abcdef0"))
      .min(1, { error: "must name 1 to 16 subnets" })
      .max(16, { error: "must name 1 to 16 subnets" })
      .optional()
      .describe("1 to 16 subnets of vpcId."),
    securityGroupIds: z
      .array(matching(idPattern("sg"), "must be a security group id such as sg-0123456789abcdef0"))
      .min(1, { error: "must name 1 to 5 security groups" })
      .max(5, { error: "must name 1 to 5 security groups" })
      .optional()
      .describe("1 to 5 security groups of vpcId."),
  })
  .describe("Network of the instances.");

const capacity = z
  .strictObject({
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
    confusedDeputyProtection: z
      .boolean()
      .default(false)
      .describe(
        "Adds aws:SourceAccount and aws:SourceArn conditions to the trust policies of the roles.",
      ),
  })
  .describe("The capacity provider: the instances that functions run on.");

const bundle = z
  .strictObject({
    format: z
      .enum(["esm", "cjs"])
      .optional()
      .describe("Module format. Default: esm, but cjs for .cjs and .cts entries."),
    minify: z
      .boolean()
      .default(false)
      .describe("Makes the code smaller and stack traces harder to read."),
    sourceMap: z
      .boolean()
      .default(true)
      .describe("Adds a source map, and NODE_OPTIONS=--enable-source-maps."),
  })
  .describe("How TypeScript and JavaScript are bundled.");

const functionSettings = z
  .strictObject({
    entry: z
      .string()
      .min(1, { error: "must be a path" })
      .default("src/handler.ts")
      .describe(
        "TypeScript or JavaScript source, or a ready-made folder or .zip; relative to lmi.json.",
      ),
    handler: matching(
      /^[^\s.]+(\.[^\s.]+)*$/,
      "must be the name of an export, or file.export such as index.handler",
    )
      .optional()
      .describe(
        "Exported function. Default: handler; index.handler for a ready-made folder or .zip.",
      ),
    runtime: z
      .string()
      .default("nodejs24.x")
      .describe("Lambda runtime that supports Managed Instances."),
    memory: whole(2048, 32_768)
      .default(2048)
      .describe(
        "MB of one execution environment, 2048 to 32768; a multiple of 1024 × memoryPerVCpu.",
      ),
    memoryPerVCpu: z
      .union([z.literal(2), z.literal(4), z.literal(8)], { error: "must be 2, 4 or 8" })
      .default(2)
      .describe("GiB of memory for each vCPU: 2 (like C instances), 4 (M) or 8 (R)."),
    concurrency: whole(1, 1600)
      .optional()
      .describe(
        "Requests that one execution environment serves at once, up to 64 per vCPU. Default: Lambda's for the runtime.",
      ),
    minEnvironments: whole(0, 15_000)
      .optional()
      .describe("Execution environments that always run. Lambda's default: 3."),
    maxEnvironments: whole(0, 15_000)
      .optional()
      .describe("Execution environments at most; goes with minEnvironments."),
    timeout: whole(1, 900).default(30).describe("Seconds that one request may take."),
    ephemeralStorage: whole(512, 10_240)
      .default(512)
      .describe("MB of /tmp, shared by all requests of an environment."),
    environment: z
      .record(
        matching(
          /^[a-zA-Z][a-zA-Z0-9_]+$/,
          "must be a name of two characters or more: a letter, then letters, digits and _",
        ),
        z.string({ error: "must be a string" }),
      )
      .default({})
      .describe("Environment variables."),
    logRetention: z
      .union(
        RETENTION_DAYS.map((days) => z.literal(days)),
        {
          error: `must be one of ${RETENTION_DAYS.join(", ")}`,
        },
      )
      .default(30)
      .describe("Days that logs are kept."),
    bundle: bundle.prefault({}),
  })
  .describe("A function.");

const functions = z
  .record(
    matching(/^[a-zA-Z0-9-_]{1,64}$/, "must be 1 to 64 letters, digits, - and _"),
    functionSettings.prefault({}),
  )
  .refine((all) => Object.keys(all).length > 0, { error: "must have at least one function" })
  .describe("The functions, by name.");

const tags = z
  .record(
    matching(
      /^(?!aws:|lmi:).{1,128}$/,
      "must be 1 to 128 characters and not begin with aws: or lmi:",
    ),
    z.string({ error: "must be a string" }).max(256, { error: "must be at most 256 characters" }),
  )
  .describe("Tags of every resource.");

const region = matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region such as us-east-1");

const overlay = z
  .strictObject({
    region: region.optional().describe("Region of this environment."),
    network: network.optional(),
    capacity: capacity.optional(),
    functions: z
      .record(z.string(), functionSettings)
      .optional()
      .describe("The functions, by name."),
    tags: tags.optional(),
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
    functions: functions.prefault({ [defaultFunctionName]: {} }),
    tags: tags.default({}),
    allowUnsupportedRuntime: z
      .boolean()
      .default(false)
      .describe(
        "Leaves it to AWS to refuse a runtime that is not known to work on Managed Instances.",
      ),
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

/** Keys that are planned but do nothing yet: refused by name, so that nobody believes they work. */
export const plannedKeys: ReadonlySet<string> = new Set([
  "policies",
  "url",
  "events",
  "layers",
  "kmsKeyArn",
  "propagateTags",
  "scaling",
  "logLevel",
]);
