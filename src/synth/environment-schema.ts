import { z } from "zod";
import { matching, whole } from "./setting-values.ts";

/** A colon or brace would end the part of a reference (CloudFormation user guide, dynamic-references-secretsmanager). */
const part = (what: string) =>
  matching(/^[^:{}\\]+$/, `must be ${what}, without : { } and backslashes`);

const parameter = z.strictObject({
  ssm: matching(/^((\/[\w.-]+)+|[\w.-]+)$/, "must be the name of a parameter").describe(
    "Name of an SSM parameter of type String or StringList.",
  ),
  version: whole(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("Its version. Default: the newest while it is deployed."),
});

const secret = z.strictObject({
  secret: matching(
    /^([\w/+=.@-]{1,512}|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+)$/,
    "must be the name or ARN of a secret",
  ).describe("Name or ARN of a secret of Secrets Manager."),
  key: part("a key").optional().describe("Key in the secret's JSON. Default: the whole text."),
  versionStage: part("a label").optional().describe("Label of its version. Default: AWSCURRENT."),
  versionId: part("an id").optional().describe("Id of its version, instead of a label."),
});

/** Text, or where CloudFormation finds it when it makes or changes the function. */
export const environment = z.record(
  matching(
    /^[a-zA-Z][a-zA-Z0-9_]+$/,
    "must be a name of two characters or more: a letter, then letters, digits and _",
  ),
  z.union([z.string(), parameter, secret], {
    error:
      'must be a string, { "ssm": "/name", "version": 1 } or { "secret": "name or ARN", "key": "key" }, the latter also with versionStage or versionId',
  }),
);
