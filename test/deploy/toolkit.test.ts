import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ToolkitOptions } from "@aws-cdk/toolkit-lib";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { connectAws } from "../../src/aws/connect.ts";
import { createMessageBridge } from "../../src/deploy/message-bridge.ts";
import { loadToolkit } from "../../src/deploy/toolkit.ts";

afterEach(() => vi.unstubAllEnvs());

const target = {
  region: "eu-west-1",
  profile: undefined,
  endpoint: undefined,
  credentials: undefined,
  local: false,
};

const section = (name: string, key: string) =>
  `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`;

test("deploys with the keys that the identity line is about, whatever AWS_DEFAULT_PROFILE says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lmi-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, "credentials"),
    section("default", "AKIDDEFAULT") + section("prod", "AKIDPROD"),
  );
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_DEFAULT_PROFILE", "prod");
  const aws = connectAws(target, {});
  expect(await aws.credentials()).toMatchObject({ accessKeyId: "AKIDDEFAULT" });

  const host = createMessageBridge(() => undefined);
  const { toolkit } = await loadToolkit(aws, host);
  // What it was handed is private there, and decides about the account.
  const { props } = toolkit as unknown as { props: ToolkitOptions };
  const base = await props.sdkConfig?.baseCredentials?.sdkBaseConfig(host, {});
  expect(await base?.credentialProvider()).toMatchObject({ accessKeyId: "AKIDDEFAULT" });
  expect(base?.defaultRegion).toBe("eu-west-1");
});
