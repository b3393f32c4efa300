import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { limboStack } from "../../../helpers/limbo-stack.ts";

const inRequest = 51_200;

test("what is to stay is marked through the bootstrap bucket where the template is too long for a request", async () => {
  const stack = await limboStack();
  const template = await stack.template();
  const padded = (pad: string) => {
    const [[id, first] = ["", {}], ...others] = Object.entries(template.Resources);
    const Resources = { [id]: { ...first, Metadata: { pad } }, ...Object.fromEntries(others) };
    return JSON.stringify({ ...template, Resources });
  };
  const room = inRequest - 10 - padded("").length;
  const TemplateBody = padded("x".repeat(room));
  expect(await stack.update({ TemplateBody })).toBe("UPDATE_COMPLETE");
  const destroy = ["destroy", "--local", "--yes", "--keep-logs"] as const;
  const refused = await stack.lmi(...destroy);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("too long for a request, and cannot be stored");
  expect(refused.stderr).toContain("Nothing was deleted.");
  expect(await stack.status()).toBe("UPDATE_COMPLETE");
  expect(await stack.lmi("bootstrap", "--local", "--yes")).toMatchObject({ code: 0 });
  const destroyed = await stack.lmi(...destroy);
  expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 });
  expect(destroyed.stdout).toContain("log group  /aws/lambda/hello");
  expect(await stack.status()).toBeUndefined();
  const s3 = stack.target.client(S3Client);
  const Bucket = "cdk-hnb659fds-assets-000000000000-us-east-1";
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual([]);
}, 60_000);
