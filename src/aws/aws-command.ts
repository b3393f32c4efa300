import { quoted } from "./quoted.ts";
import type { AwsTarget } from "./target.ts";

/**
 * A command of the AWS CLI that means the very target that lmi worked with, whatever the shell says that it is pasted
 * into: without an endpoint, advice after `--local` would change a real account.
 * @param words service, operation and parameters, without `aws`
 */
export function awsCommand(
  { endpoint, region, profile }: Pick<AwsTarget, "endpoint" | "region" | "profile">,
  words: string,
): string {
  return [
    `aws ${words}`,
    ...(endpoint === undefined ? [] : [`--endpoint-url ${endpoint}`]),
    `--region ${region}`,
    ...(profile === undefined ? [] : [`--profile ${quoted(profile)}`]),
  ].join(" ");
}
