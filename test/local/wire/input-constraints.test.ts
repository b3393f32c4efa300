import type {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ImageTagMutability,
} from "@aws-sdk/client-ecr";
import type { BucketVersioningStatus, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { checkConstraints } from "../../../src/local/wire/input-constraints.ts";
import { serviceModel } from "../../../src/local/wire/service-models.ts";
import type { ServiceName } from "../../../src/local/service.ts";

const folder = new URL("../../../src/local/wire/constraints/", import.meta.url);

async function refusal(service: ServiceName, operation: string, input: Record<string, unknown>) {
  const model = (await serviceModel(service)).operations.get(operation);
  if (model === undefined) throw new Error(`${service} has no ${operation}`);
  return checkConstraints(service, model.input, input).catch((error: unknown) => error);
}

const compile = (pattern: string) => new RegExp(pattern, pattern.includes("\\p{") ? "su" : "s");

test.each(readdirSync(folder))("every pattern of %s is one that JavaScript knows", async (file) => {
  const service = file.replace(".ts", "") as ServiceName;
  const { [service]: table } = (await import(new URL(file, folder).href)) as Record<
    string,
    { readonly rules: Record<string, { readonly pattern?: string }> }
  >;
  const patterns = Object.values(table?.rules ?? {}).flatMap(({ pattern }) => pattern ?? []);
  expect(() => patterns.map(compile)).not.toThrow();
});

test("what a model does not allow is refused with every place of it", async () => {
  const input: CreateRepositoryCommand["input"] = {
    repositoryName: "a",
    imageTagMutability: "SOMETIMES" as ImageTagMutability,
  };
  expect(await refusal("ecr", "CreateRepository", { ...input })).toMatchObject({
    code: "InvalidParameterException",
    message: expect.stringMatching(
      /^2 validation errors detected: Value 'a' at 'repositoryName' failed to satisfy constraint: Member must have length greater than or equal to 2; Value 'SOMETIMES' at 'imageTagMutability' failed .* enum value set: \[MUTABLE, /,
    ),
  });
});

test("what stands in lists and maps counts too", async () => {
  const names: DescribeRepositoriesCommand["input"] = { repositoryNames: ["fine", "NOT FINE"] };
  expect(await refusal("ecr", "DescribeRepositories", { ...names })).toMatchObject({
    message: expect.stringContaining("at 'repositoryNames.2.member'"),
  });
  const tagged = { Resource: "arn:aws:lambda:us-east-1:000000000000:function:f", Tags: { a: "✗" } };
  expect(await refusal("lambda", "TagResource", tagged)).toMatchObject({
    message: expect.stringContaining("Value '✗' at 'tags.a.member'"),
  });
});

test("a value that nobody may read is not told", async () => {
  const secret = { Name: "s", SecretString: "" };
  expect(await refusal("secretsmanager", "CreateSecret", secret)).toMatchObject({
    message: expect.stringContaining("Value at 'secretString' failed"),
  });
});

test("S3 has words of its own", async () => {
  const input: PutBucketVersioningCommand["input"] = {
    Bucket: "b",
    VersioningConfiguration: { Status: "Perhaps" as BucketVersioningStatus },
  };
  expect(await refusal("s3", "PutBucketVersioning", { ...input })).toMatchObject({
    code: "MalformedXML",
  });
  const listing = { Bucket: "b", EncodingType: "utf-8" };
  expect(await refusal("s3", "ListObjectsV2", listing)).toMatchObject({ code: "InvalidArgument" });
});

test("what a model allows passes", async () => {
  expect(await refusal("ecr", "CreateRepository", { repositoryName: "fine" })).toBeUndefined();
});
