import { z } from "zod";
import { matching } from "../setting-values.ts";

/** Amazon S3 user guide, bucketnamingrules. */
const bucketName = matching(
  /^(?!xn--|.*--|.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  "must be 3 to 63 small letters, digits, . and -",
);
const keyPart = z.string().min(1).max(1024);

/** Amazon S3 user guide, EventBridge. */
export const s3Event = () =>
  z
    .strictObject({
      type: z.literal("s3").describe("Objects of an S3 bucket."),
      bucket: bucketName
        .optional()
        .describe(
          "A bucket that exists and sends its events to EventBridge. Without it lmi makes one. Events arrive in EventBridge's form.",
        ),
      bucketName: bucketName
        .optional()
        .describe("Name of the bucket that lmi makes. Default: CloudFormation chooses one."),
      eventBridge: z
        .boolean()
        .optional()
        .describe(
          "true: EventBridge is known to be on in the bucket that exists, and no warning reminds of it.",
        ),
      kinds: z
        .array(z.enum(["created", "removed", "restored", "tagged"]))
        .min(1)
        .default(["created"])
        .describe("What happens to objects: created, removed, restored, tagged."),
      prefix: keyPart.optional().describe("Beginning of the keys."),
      suffix: keyPart.optional().describe("End of the keys."),
    })
    .describe("Objects of an S3 bucket.");

export type S3Event = z.output<ReturnType<typeof s3Event>>;
