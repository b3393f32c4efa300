import type {
  CreateBucketRequest,
  DeleteBucketRequest,
  GetBucketLocationRequest,
  HeadBucketRequest,
  ListBucketsRequest,
} from "@aws-sdk/client-s3";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { continuationToken, readContinuationToken } from "./continuation.ts";
import type { Bucket, S3Store } from "./s3-store.ts";

export function bucketOperations(target: TargetContext, store: S3Store): Record<string, Operation> {
  return {
    async CreateBucket(input: CreateBucketRequest, context: CallContext) {
      const name = input.Bucket ?? "";
      checkName(name);
      if (store.findBucket(name) !== undefined) {
        const message =
          "Your previous request to create the named bucket succeeded and you already own it.";
        throw new ServiceError("BucketAlreadyOwnedByYou", message, {
          status: 409,
          members: { BucketName: name },
        });
      }
      const created = target.clock.now().toISOString();
      store.putBucket({ name, region: regionOf(input, context.region), created, settings: {} });
      return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    },

    async DeleteBucket(input: DeleteBucketRequest) {
      const { name } = store.bucket(input.Bucket);
      if (!store.isEmpty(name)) {
        const hint = store
          .objects(name)
          .some(({ versions }) => versions.length > 1 || versions[0]?.deleteMarker)
          ? " You must delete all versions in the bucket."
          : "";
        throw new ServiceError(
          "BucketNotEmpty",
          `The bucket you tried to delete is not empty.${hint}`,
          {
            status: 409,
            members: { BucketName: name },
          },
        );
      }
      store.deleteBucket(name);
      return {};
    },

    async HeadBucket(input: HeadBucketRequest) {
      const { region, name } = store.bucket(input.Bucket);
      return { BucketRegion: region, BucketArn: `arn:aws:s3:::${name}` };
    },

    async GetBucketLocation(input: GetBucketLocationRequest) {
      const { region } = store.bucket(input.Bucket);
      // The oldest region has no name here.
      return region === "us-east-1" ? {} : { LocationConstraint: region };
    },

    async ListBuckets(input: ListBucketsRequest, context: CallContext) {
      return listBuckets(store.buckets(), input, context);
    },
  };
}

function listBuckets(
  all: readonly Bucket[],
  input: ListBucketsRequest,
  context: CallContext,
): object {
  const after = input.ContinuationToken ? readContinuationToken(input.ContinuationToken) : "";
  const matching = all
    .filter(
      ({ name, region }) =>
        name.startsWith(input.Prefix ?? "") && region === (input.BucketRegion ?? region),
    )
    .filter(({ name }) => name > after);
  const page = matching.slice(0, input.MaxBuckets ?? 10_000);
  return {
    Buckets: page.map(({ name, region, created }) => ({
      Name: name,
      CreationDate: new Date(created),
      BucketRegion: region,
      BucketArn: `arn:aws:s3:::${name}`,
    })),
    Owner: { ID: context.accountId.padEnd(64, "0") },
    ContinuationToken:
      page.length < matching.length ? continuationToken(page.at(-1)?.name ?? "") : undefined,
    Prefix: input.Prefix,
  };
}

/** Source: Amazon S3 user guide, "General purpose buckets naming rules". */
function checkName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!valid) {
    throw new ServiceError("InvalidBucketName", "The specified bucket is not valid.", {
      status: 400,
      members: { BucketName: name },
    });
  }
}

function regionOf(input: CreateBucketRequest, region: string): string {
  const constraint = input.CreateBucketConfiguration?.LocationConstraint;
  if (constraint === undefined) {
    if (region === "us-east-1") return region;
    const message =
      "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.";
    throw new ServiceError("IllegalLocationConstraintException", message, { status: 400 });
  }
  return constraint === "EU" ? "eu-west-1" : constraint;
}
