import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { System } from "../system.ts";

const variables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/**
 * Whether somebody has given this machine credentials, found without the network: to ask for the role of a machine
 * takes seconds where there is none.
 */
export function credentialsAtHand(
  profile: string | undefined,
  { env, home }: Pick<System, "env" | "home">,
): boolean {
  if (profile !== undefined || variables.some((name) => env[name])) return true;
  const file = (variable: string, name: string) => env[variable] || join(home, ".aws", name);
  return (
    existsSync(file("AWS_SHARED_CREDENTIALS_FILE", "credentials")) ||
    givesCredentials(file("AWS_CONFIG_FILE", "config"))
  );
}

function givesCredentials(config: string): boolean {
  try {
    return /^\s*(?:sso_|role_arn|credential_process|aws_access_key_id|login_session)/m.test(
      readFileSync(config, "utf8"),
    );
  } catch {
    // No such file.
    return false;
  }
}
