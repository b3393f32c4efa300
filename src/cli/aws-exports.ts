import { localCredentials } from "./connect-target.ts";

/** Where a local target is, and the region that is meant there. */
export interface TargetPlace {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly region: string;
}

/**
 * Lines for a POSIX shell, or `eval` in one: AWS's own tools then talk to the local target. Of the region's two names
 * SDKs for JavaScript read the first, boto3 and version 1 of the AWS CLI the second; a profile that is named would win
 * over the credentials (AWS SDKs and Tools reference guide, settings; AWS CLI user guide, cli-configure-envvars).
 */
export function awsExports({ endpoint, region }: TargetPlace): string[] {
  const { accessKeyId, secretAccessKey } = localCredentials;
  return [
    `export AWS_ENDPOINT_URL=${endpoint}`,
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    "unset AWS_PROFILE AWS_SESSION_TOKEN",
  ];
}
