import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";

const started = async () => {
  const target = await startTestTarget();
  return { target, client: target.client(SecretsManagerClient) };
};

describe("a secret", () => {
  test("has a current and a previous version, by name, ARN and ARN without its end", async () => {
    const { client } = await started();
    const made = await client.send(new CreateSecretCommand({ Name: "a/b", SecretString: "one" }));
    expect(made.ARN).toMatch(
      /^arn:aws:secretsmanager:us-east-1:000000000000:secret:a\/b-[A-Za-z0-9]{6}$/,
    );
    const put = await client.send(
      new PutSecretValueCommand({ SecretId: "a/b", SecretString: "two" }),
    );
    expect(put.VersionStages).toEqual(["AWSCURRENT"]);
    const read = async (input: object, SecretId = "a/b") =>
      (await client.send(new GetSecretValueCommand({ SecretId, ...input }))).SecretString;
    expect(await read({})).toBe("two");
    expect(await read({}, made.ARN)).toBe("two");
    expect(await read({}, made.ARN?.slice(0, -7))).toBe("two");
    expect(await read({ VersionStage: "AWSPREVIOUS" })).toBe("one");
    expect(await read({ VersionId: made.VersionId })).toBe("one");
    await client.send(new UpdateSecretCommand({ SecretId: "a/b", SecretString: "three" }));
    expect(await read({ VersionStage: "AWSPREVIOUS" })).toBe("two");
    const { VersionIdsToStages = {} } = await client.send(
      new DescribeSecretCommand({ SecretId: "a/b" }),
    );
    // The first has no label any more.
    expect(Object.values(VersionIdsToStages).flat().toSorted()).toEqual([
      "AWSCURRENT",
      "AWSPREVIOUS",
    ]);
    expect(await read({ VersionId: made.VersionId })).toBe("one");
  });

  test("can be bytes, and have labels of one's own", async () => {
    const { client } = await started();
    await client.send(
      new CreateSecretCommand({ Name: "bytes", SecretBinary: Buffer.from([0, 255]) }),
    );
    const answer = await client.send(new GetSecretValueCommand({ SecretId: "bytes" }));
    expect(Buffer.from(answer.SecretBinary ?? [])).toEqual(Buffer.from([0, 255]));
    await client.send(
      new PutSecretValueCommand({
        SecretId: "bytes",
        SecretString: "next",
        VersionStages: ["PENDING"],
      }),
    );
    const pending = await client.send(
      new GetSecretValueCommand({ SecretId: "bytes", VersionStage: "PENDING" }),
    );
    expect(pending.SecretString).toBe("next");
    const current = await client.send(new GetSecretValueCommand({ SecretId: "bytes" }));
    expect(current.SecretString).toBeUndefined();
  });

  test("is made once for a token, and a version is not changed", async () => {
    const { client } = await started();
    const ClientRequestToken = "t".repeat(32);
    const creation = { Name: "once", SecretString: "v", ClientRequestToken };
    const first = await client.send(new CreateSecretCommand(creation));
    expect(await client.send(new CreateSecretCommand(creation))).toMatchObject({
      ARN: first.ARN,
      VersionId: ClientRequestToken,
    });
    await expect(
      client.send(
        new PutSecretValueCommand({ SecretId: "once", SecretString: "w", ClientRequestToken }),
      ),
    ).rejects.toMatchObject({ name: "ResourceExistsException" });
  });

  test("waits for its deletion, unless it is forced", async () => {
    const { client } = await started();
    await client.send(new CreateSecretCommand({ Name: "old", SecretString: "v" }));
    const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId: "old" }));
    expect(DeletionDate?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    const marked = { name: "InvalidRequestException" };
    await expect(client.send(new GetSecretValueCommand({ SecretId: "old" }))).rejects.toMatchObject(
      marked,
    );
    await expect(
      client.send(new CreateSecretCommand({ Name: "old", SecretString: "v" })),
    ).rejects.toMatchObject(marked);
    const names = async (IncludePlannedDeletion: boolean) =>
      (await client.send(new ListSecretsCommand({ IncludePlannedDeletion }))).SecretList?.map(
        ({ Name }) => Name,
      );
    expect([await names(false), await names(true)]).toEqual([[], ["old"]]);
    await client.send(
      new DeleteSecretCommand({ SecretId: "old", ForceDeleteWithoutRecovery: true }),
    );
    await client.send(new CreateSecretCommand({ Name: "old", SecretString: "again" }));
  });

  test.each<[string, object, string]>([
    ["is there already", { Name: "taken", SecretString: "v" }, "ResourceExistsException"],
    ["has no name that may be", { Name: "a b", SecretString: "v" }, "ValidationException"],
    ["is too long", { Name: "long", SecretString: "hush".repeat(17_000) }, "ValidationException"],
    [
      "is both text and bytes",
      { Name: "both", SecretString: "hush", SecretBinary: Buffer.from("hush") },
      "InvalidParameterException",
    ],
  ])("is refused when it %s, without its value", async (_why, input, name) => {
    const { client } = await started();
    await client.send(new CreateSecretCommand({ Name: "taken", SecretString: "v" }));
    const failed = client.send(new CreateSecretCommand(input as { Name: string }));
    await expect(failed).rejects.toMatchObject({
      name,
      message: expect.not.stringContaining("hush"),
    });
  });

  test("is listed page by page and by beginnings", async () => {
    const { client } = await started();
    for (const Name of ["a1", "a2", "b1"])
      await client.send(new CreateSecretCommand({ Name, SecretString: "v" }));
    const first = await client.send(new ListSecretsCommand({ MaxResults: 2 }));
    const second = await client.send(new ListSecretsCommand({ NextToken: first.NextToken }));
    expect([first, second].map(({ SecretList }) => SecretList?.length)).toEqual([2, 1]);
    const found = await client.send(
      new ListSecretsCommand({ Filters: [{ Key: "name", Values: ["a"] }] }),
    );
    expect(found.SecretList?.map(({ Name }) => Name)).toEqual(["a1", "a2"]);
  });

  test("stands in files that are open to their owner alone", async () => {
    const { target, client } = await started();
    await client.send(new CreateSecretCommand({ Name: "s", SecretString: "v" }));
    expect(readdirSync(target.stateDir)).toContain("state.sqlite");
    expect(statSync(target.stateDir).mode & 0o077).toBe(0);
    expect(statSync(join(target.stateDir, "state.sqlite")).isFile()).toBe(true);
  });
});
