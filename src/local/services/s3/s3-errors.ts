import { ServiceError } from "../../service-error.ts";

/** Source of codes, statuses and texts: Amazon S3 API reference, "Error responses: list of error codes". */
export function noSuchBucket(bucket: string): ServiceError {
  return new ServiceError("NoSuchBucket", "The specified bucket does not exist", {
    status: 404,
    members: { BucketName: bucket },
  });
}

export function noSuchKey(key: string): ServiceError {
  return new ServiceError("NoSuchKey", "The specified key does not exist.", {
    status: 404,
    members: { Key: key },
  });
}

export function noSuchVersion(key: string, versionId: string): ServiceError {
  return new ServiceError("NoSuchVersion", "The specified version does not exist.", {
    status: 404,
    members: { Key: key, VersionId: versionId },
  });
}

export function noSuchUpload(uploadId: string): ServiceError {
  const message =
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
  return new ServiceError("NoSuchUpload", message, {
    status: 404,
    members: { UploadId: uploadId },
  });
}

export function preconditionFailed(condition: string): ServiceError {
  const message = "At least one of the pre-conditions you specified did not hold";
  return new ServiceError("PreconditionFailed", message, {
    status: 412,
    members: { Condition: condition },
  });
}

export function invalidArgument(message: string): ServiceError {
  return new ServiceError("InvalidArgument", message, { status: 400 });
}
