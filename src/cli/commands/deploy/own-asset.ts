import { isRecord } from "../../../is-record.ts";

/**
 * Key of a function's code in the bucket of the bootstrap stack; undefined where its template has it elsewhere.
 * @param code as CDK's synthesizer writes it: `{ "S3Bucket": { "Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-…" } }`
 */
export function ownAssetKey(code: unknown): string | undefined {
  if (!isRecord(code) || typeof code["S3Key"] !== "string") return undefined;
  const isOwn = JSON.stringify(code["S3Bucket"])?.includes("cdk-hnb659fds-assets-");
  return isOwn ? code["S3Key"] : undefined;
}
