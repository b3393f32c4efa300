import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { ownActions } from "../../src/aws/own-actions.ts";

/** Actions whose name is not the operation's (Service Authorization Reference). */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  "lambda:Invoke": ["lambda:InvokeFunction"],
  "lambda:InvokeWithResponseStream": ["lambda:InvokeFunction"],
  "s3:CopyObject": ["s3:GetObject", "s3:PutObject"],
  "s3:DeleteObjects": ["s3:DeleteObject"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  // Needs no permission.
  "sts:GetCallerIdentity": [],
};

/** IAM's prefixes of services that the SDK calls otherwise. */
const prefixes: Readonly<Record<string, string>> = {
  "client-cloudwatch": "cloudwatch",
  "client-cloudwatch-logs": "logs",
  "client-service-quotas": "servicequotas",
};

const folder = new URL("../../src/aws/sdk/", import.meta.url);

/** Every operation that the SDK parts of src/aws bring, as an IAM action would be called. */
function operations(): string[] {
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const client = /@aws-sdk\/(client-[\w-]+)"/.exec(text)?.[1] ?? "";
    const prefix = prefixes[client] ?? client.replace("client-", "");
    return [...text.matchAll(/\b(?:paginate(?<page>\w+)|(?<command>\w+)Command)\b/g)].map(
      ({ groups }) => `${prefix}:${groups?.["page"] ?? groups?.["command"] ?? ""}`,
    );
  });
}

test("the caller's policy allows every operation that lmi's own clients call, and nothing else", () => {
  const needed = operations().flatMap((operation) => otherwise[operation] ?? [operation]);
  // Publishing uses the provider, changing layers reads them, and URLs are asked themselves: no operation is called so.
  const allowed = Object.values(ownActions)
    .flat()
    .filter(
      (action) => !/^lambda:(PassCapacityProvider|GetLayerVersion|InvokeFunctionUrl)$/.test(action),
    );
  expect([...new Set(allowed)].toSorted()).toEqual([...new Set(needed)].toSorted());
});
