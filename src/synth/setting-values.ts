import { z } from "zod";

/* Kinds of values that several settings have. */

/** Retention times that CloudWatch Logs knows, in days (Amazon CloudWatch Logs API, PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

export const idPattern = (prefix: string) => new RegExp(`^${prefix}-[0-9a-f]{8,17}$`);
export const whole = (minimum: number, maximum: number) =>
  z
    .int({ error: `must be a whole number from ${minimum} to ${maximum}` })
    .min(minimum, { error: `must be from ${minimum} to ${maximum}` })
    .max(maximum, { error: `must be from ${minimum} to ${maximum}` });
/** A text of a form; editors and docs/settings.md say the form in the error's words. */
export const matching = (pattern: RegExp, error: string) =>
  z.string({ error }).regex(pattern, { error }).meta({ patternErrorMessage: error });

export const arn = (pattern: RegExp, example: string) =>
  matching(pattern, `must be an ARN such as ${example}`);
export const kmsKeyArn = arn(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+$/,
  "arn:aws:kms:us-east-1:123456789012:key/0123abcd",
);
export const retention = z
  .union(
    RETENTION_DAYS.map((days) => z.literal(days)),
    { error: `must be one of ${RETENTION_DAYS.join(", ")}` },
  )
  .default(30)
  .describe("Days that logs are kept.");
/**
 * How many a record may have. With its sentence of JSON Schema: editors know it, and so does src/synth/shape, which
 * knows nothing of a function.
 */
export const counted = <K extends z.core.$ZodRecordKey, V extends z.core.SomeType>(
  record: z.ZodRecord<K, V>,
  { least = 0, most }: { least?: number; most?: number },
  error: string,
) =>
  record
    .refine(
      (all) => Object.keys(all).length >= least && Object.keys(all).length <= (most ?? Infinity),
      {
        error,
      },
    )
    .meta(most === undefined ? { minProperties: least } : { maxProperties: most });
/** Each of a list once; with its sentence of JSON Schema, too. */
export const withoutDoubles = <T extends z.core.SomeType>(list: z.ZodArray<T>, error: string) =>
  list.refine((all) => new Set(all).size === all.length, { error }).meta({ uniqueItems: true });
export const tagsOf = (most: number) =>
  counted(
    z.record(
      matching(
        /^(?!aws:|lmi:).{1,128}$/,
        "must be 1 to 128 characters and not begin with aws: or lmi:",
      ),
      z.string({ error: "must be a string" }).max(256, { error: "must be at most 256 characters" }),
    ),
    { most },
    `must be at most ${most} tags`,
  );
