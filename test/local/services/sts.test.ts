import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";

test("an assumed role is told by its credentials, also after a restart, until they expire", async () => {
  let now = new Date("2026-11-23T10:00:00Z");
  const clock = { now: () => now, sleep: async () => {} };
  const target = await startTestTarget({ clock });
  const { Credentials: credentials } = await target.client(STSClient).send(
    new AssumeRoleCommand({
      RoleArn: "arn:aws:iam::000000000000:role/path/deploy",
      RoleSessionName: "me",
    }),
  );
  const assumed = target.client(STSClient, {
    credentials: {
      accessKeyId: credentials?.AccessKeyId ?? "",
      secretAccessKey: credentials?.SecretAccessKey ?? "",
    },
  });

  const identity = await assumed.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: "000000000000",
    Arn: "arn:aws:sts::000000000000:assumed-role/deploy/me",
  });
  expect(credentials?.Expiration).toEqual(new Date("2026-11-23T11:00:00Z"));

  now = new Date("2026-11-23T11:00:01Z");
  await expect(assumed.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "ExpiredToken",
  });
});

test("other credentials are the local user, and a role that is no ARN is refused", async () => {
  const target = await startTestTarget();
  const sts = target.client(STSClient);
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
    "arn:aws:iam::000000000000:user/lmi-local",
  );
  await expect(
    sts.send(new AssumeRoleCommand({ RoleArn: "deploy", RoleSessionName: "me" })),
  ).rejects.toMatchObject({ name: "ValidationError", message: "deploy is invalid" });
});
