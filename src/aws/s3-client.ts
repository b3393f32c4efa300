import type { Connection } from "./connection.ts";
import type { KeptPlace } from "./ports.ts";

export async function s3Client({ target, settings }: Connection) {
  const [sdk, own] = await Promise.all([import("./sdk/s3.ts"), settings()]);
  // An endpoint of our own has no subdomains for buckets.
  const forcePathStyle = target.endpoint !== undefined;
  return { sdk, client: new sdk.S3Client({ ...own, forcePathStyle }) };
}

/** `arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>`. */
export function partsOf(stackId: string) {
  const [, , , region = "", account = "", resource = ""] = stackId.split(":");
  const [, stackName = "", id = ""] = resource.split("/");
  return { region, account, stackName, id };
}

/** The bucket of the bootstrap stack (AWS CDK developer guide, "Bootstrapping": cdk-hnb659fds-assets-…). */
export function bucketOf({ stackId }: Pick<KeptPlace, "stackId">): string {
  const { region, account } = partsOf(stackId);
  return `cdk-hnb659fds-assets-${account}-${region}`;
}

/** The bucket, and the account that must own it; another's is refused with AccessDenied. */
export function ownBucket({ stackId }: Pick<KeptPlace, "stackId">) {
  return { Bucket: bucketOf({ stackId }), ExpectedBucketOwner: partsOf(stackId).account };
}
