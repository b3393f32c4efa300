import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";

test("parameters have versions, and a name that is not there is told apart", async () => {
  const ssm = (await startTestTarget()).client(SSMClient);
  await ssm.send(new PutParameterCommand({ Name: "/a/b", Value: "1", Type: "String" }));
  await expect(
    ssm.send(new PutParameterCommand({ Name: "/a/b", Value: "2" })),
  ).rejects.toMatchObject({
    name: "ParameterAlreadyExists",
  });
  expect(
    await ssm.send(new PutParameterCommand({ Name: "/a/b", Value: "2", Overwrite: true })),
  ).toMatchObject({
    Version: 2,
  });
  const get = (Name: string) => ssm.send(new GetParameterCommand({ Name }));
  expect((await get("/a/b")).Parameter).toMatchObject({
    Value: "2",
    Version: 2,
    Type: "String",
    ARN: "arn:aws:ssm:us-east-1:000000000000:parameter/a/b",
    LastModifiedDate: expect.any(Date),
  });
  expect((await get("/a/b:1")).Parameter?.Value).toBe("1");
  await expect(get("/a/b:7")).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
  await expect(get("/none")).rejects.toMatchObject({ name: "ParameterNotFound" });
  expect(await ssm.send(new GetParametersCommand({ Names: ["/a/b", "/none"] }))).toMatchObject({
    Parameters: [{ Name: "/a/b" }],
    InvalidParameters: ["/none"],
  });
  await ssm.send(new DeleteParameterCommand({ Name: "/a/b" }));
  await expect(get("/a/b")).rejects.toMatchObject({ name: "ParameterNotFound" });
});

test("paths list their own parameters, or all below, page by page, in one region", async () => {
  const target = await startTestTarget();
  const ssm = target.client(SSMClient);
  for (const Name of ["/p/a", "/p/b", "/p/c/d", "/pq"]) {
    await ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "String" }));
  }
  const names = async (input: { Recursive?: boolean; NextToken?: string; MaxResults?: number }) => {
    const { Parameters = [], NextToken } = await ssm.send(
      new GetParametersByPathCommand({ Path: "/p", ...input }),
    );
    return { names: Parameters.map(({ Name }) => Name), NextToken };
  };
  expect((await names({})).names).toEqual(["/p/a", "/p/b"]);
  const first = await names({ Recursive: true, MaxResults: 2 });
  expect(first.names).toEqual(["/p/a", "/p/b"]);
  expect(
    (await names({ Recursive: true, MaxResults: 2, NextToken: first.NextToken })).names,
  ).toEqual(["/p/c/d"]);
  const elsewhere = target.client(SSMClient, { region: "eu-west-1" });
  expect((await elsewhere.send(new DescribeParametersCommand({}))).Parameters).toEqual([]);
});

test("secrets are refused rather than kept", async () => {
  const ssm = (await startTestTarget()).client(SSMClient);
  await expect(
    ssm.send(new PutParameterCommand({ Name: "/s", Value: "x", Type: "SecureString" })),
  ).rejects.toMatchObject({
    name: "NotImplemented",
    message: expect.stringContaining("SecureString"),
  });
});
