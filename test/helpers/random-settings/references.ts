import * as fc from "fast-check";
import { arnOf, word } from "./values.ts";

/* What settings of functions refer to: values that are read while it is deployed, and where records go. */

/** Parameters that settings may name, with two versions each. */
const parameters = fc.constantFrom("/shop/table", "plain-name");

/** The secret that settings may name: JSON with these keys, and a version before the current one. */
const secret = {
  name: "shop/db",
  keys: fc.constantFrom("password", "user"),
  versionId: "11111111-2222-3333-4444-555555555555",
} as const;

/** Versions are named by label or by id. */
const secretVersion = fc.oneof(
  fc.constant({}),
  fc.record({ versionStage: fc.constantFrom("AWSCURRENT", "AWSPREVIOUS") }),
  fc.constant({ versionId: secret.versionId }),
);

export const reference = fc.oneof(
  fc.record(
    { ssm: parameters, version: fc.integer({ min: 1, max: 2 }) },
    { requiredKeys: ["ssm"] },
  ),
  fc
    .tuple(
      fc.record(
        { secret: fc.constant(secret.name), key: secret.keys },
        { requiredKeys: ["secret"] },
      ),
      secretVersion,
    )
    .map(([named, version]) => ({ ...named, ...version })),
);

const destination = fc.oneof(
  arnOf("sqs", word(20)),
  arnOf("sns", word(20)),
  arnOf(
    "lambda",
    word(20).map((name) => `function:${name}`),
  ),
  arnOf(
    "events",
    word(20).map((name) => `event-bus/${name}`),
  ),
);
const bucket = word(30).map((name) => `arn:aws:s3:::records-${name}1`);

export const asyncInvoke = fc
  .record(
    {
      onSuccess: destination,
      onFailure: fc.oneof(destination, bucket),
      maxEventAge: fc.integer({ min: 60, max: 21_600 }),
      retryAttempts: fc.integer({ min: 0, max: 2 }),
    },
    { requiredKeys: [] },
  )
  .filter((own) => Object.keys(own).length > 0);
