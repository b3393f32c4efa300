import { PushDelivery } from "../../push-delivery.ts";
import type { Service, TargetContext } from "../../service.ts";
import { withBucketOwners } from "./bucket-owner.ts";
import { bucketSettingOperations } from "./bucket-settings.ts";
import { bucketOperations } from "./buckets.ts";
import { copyOperations } from "./copies.ts";
import { listingOperations } from "./listings.ts";
import { versionListingOperations } from "./version-listing.ts";
import { multipartListingOperations } from "./multipart-listings.ts";
import { multipartOperations } from "./multipart.ts";
import { withNotifications } from "./notifications.ts";
import { objectOperations } from "./objects.ts";
import { S3Store } from "./s3-store.ts";

/** S3, as far as the CDK toolkit, CloudFormation and a user with `aws s3` need it. */
export function createS3Service(target: TargetContext): Service {
  const store = new S3Store(target.state);
  const delivery = new PushDelivery(target);
  return {
    name: "s3",
    operations: withBucketOwners(
      withNotifications(target, store, delivery, {
        ...bucketOperations(target, store),
        ...bucketSettingOperations(store),
        ...objectOperations(target, store),
        ...copyOperations(target, store),
        ...listingOperations(store),
        ...versionListingOperations(store),
        ...multipartOperations(target, store),
        ...multipartListingOperations(target, store),
      }),
    ),
    close: () => delivery.close(),
  };
}
