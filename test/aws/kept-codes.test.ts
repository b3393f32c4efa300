import { expect, test } from "vitest";

import { portsAgainst } from "./ports-against.ts";

const stackId = "arn:aws:cloudformation:us-east-1:123456789012:stack/lmi-hello/1";
const place = { stackId, functionName: "hello" };
const code = {
  codeSha256: Buffer.alloc(32).toString("base64"),
  at: new Date(0),
  by: "push",
} as const;

test("every call says whose the bucket must be", async () => {
  const { aws, requests } = await portsAgainst(({ headers }) => ({
    body: headers["x-amz-copy-source"]
      ? "<CopyObjectResult><ETag>1</ETag></CopyObjectResult>"
      : "<ListBucketResult><Contents><Key>one</Key></Contents></ListBucketResult>",
  }));
  await aws.keptCodes.list(place);
  const key = await aws.keptCodes.store(place, { ...code, zip: new Uint8Array(1) });
  await aws.keptCodes.keep(place, { ...code, source: { key } });
  await aws.keptCodes.remove(place, [key]);
  await aws.keptCodes.forget(place);
  expect(requests).toHaveLength(6);
  for (const { headers } of requests)
    expect(headers).toMatchObject({ "x-amz-expected-bucket-owner": "123456789012" });
  expect(requests[2]?.headers).toMatchObject({
    "x-amz-source-expected-bucket-owner": "123456789012",
  });
});

test("what S3 does not delete is not taken for deleted", async () => {
  const { aws } = await portsAgainst(() => ({
    body: "<DeleteResult><Error><Key>one</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>",
  }));
  await expect(aws.keptCodes.remove(place, ["one"])).rejects.toMatchObject({
    code: "LMI_ACCESS_DENIED",
  });
});
