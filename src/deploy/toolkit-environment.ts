import type { AwsTarget } from "../aws/target.ts";

/** The services that the library calls, as the SDK writes them in `AWS_ENDPOINT_URL_<SERVICE>`. */
const services = ["CLOUDFORMATION", "ECR", "IAM", "KMS", "LAMBDA", "S3", "SSM", "STS"] as const;

/**
 * What the CDK toolkit library must find in the process environment to reach a target. The library makes
 * its own SDK clients, which take an endpoint from the environment only. The caller applies it: nothing
 * here touches the process. Empty for plain AWS, so that every AWS variable of the user keeps its meaning.
 */
export function toolkitEnvironment(
  target: AwsTarget,
): Readonly<Record<string, string | undefined>> {
  const environment: Record<string, string | undefined> = {};
  if (target.endpoint !== undefined) {
    environment["AWS_ENDPOINT_URL"] = target.endpoint;
    // Both would win over it, and send a part of the work elsewhere.
    environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = undefined;
    for (const service of services) environment[`AWS_ENDPOINT_URL_${service}`] = undefined;
  }
  if (target.credentials === undefined) return environment;
  return {
    ...environment,
    AWS_REGION: target.region,
    AWS_ACCESS_KEY_ID: target.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: target.credentials.sessionToken,
    // A profile would win over the credentials above, and may point at a real account.
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
    // Looking for an instance's credentials costs a second or more and cannot succeed here.
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
