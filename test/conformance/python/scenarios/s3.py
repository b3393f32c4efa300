import gzip
import json

BODY = b"conformance" * 100
PART = b"0123456789abcdef" * 327_680  # 5 MiB, the smallest part but the last


def bucket(aws, name):
    aws.s3.CreateBucket(Bucket=name)
    return {"Bucket": name}


def scenario_buckets(aws):
    s3 = aws.s3
    names = [f"conformance-{n}" for n in range(3)]
    for name in names:
        bucket(aws, name)
    listed = [b["Name"] for b in s3.pages("ListBuckets", "Buckets", 2, Prefix="conformance-")]
    assert listed == names, listed
    s3.wait("bucket_exists", Bucket=names[0])
    s3.HeadBucket(Bucket=names[0])
    assert not s3.GetBucketLocation(Bucket=names[0]).get("LocationConstraint")
    s3.fails("BucketAlreadyOwnedByYou", 409).CreateBucket(Bucket=names[0])
    s3.fails("InvalidBucketName", 400).CreateBucket(Bucket="Not_A_Name")
    s3.PutObject(Bucket=names[0], Key="k", Body=b"x")
    s3.fails("BucketNotEmpty", 409).DeleteBucket(Bucket=names[0])
    s3.DeleteBucket(Bucket=names[1])
    s3.wait("bucket_not_exists", Bucket=names[1])
    s3.fails("404", 404).HeadBucket(Bucket="none")
    s3.fails("NoSuchBucket", 404).GetBucketLocation(Bucket="none")
    s3.fails("NoSuchBucket", 404).DeleteBucket(Bucket="none")
    s3.fails("InvalidArgument").ListBuckets(ContinuationToken="?")


def scenario_objects(aws):
    s3 = aws.s3
    place = bucket(aws, "objects")
    names = [f"a/{n} é+&.txt" for n in range(5)] + ["b"]
    for name in names:
        s3.PutObject(**place, Key=name, Body=BODY, Metadata={"k": "v"}, ContentType="text/x")
    one = {**place, "Key": names[0]}
    got = s3.GetObject(**one)
    assert s3.body_of(got) == BODY and got["Metadata"] == {"k": "v"}
    part = s3.GetObject(**one, Range="bytes=0-9")
    assert s3.body_of(part) == BODY[:10] and part["ContentRange"] == f"bytes 0-9/{len(BODY)}"
    head = s3.HeadObject(**one)
    assert head["ContentLength"] == len(BODY) and head["ETag"] == got["ETag"]
    s3.wait("object_exists", **one)
    s3.PutObjectTagging(**one, Tagging={"TagSet": [{"Key": "a", "Value": "b c"}]})
    assert s3.GetObjectTagging(**one)["TagSet"] == [{"Key": "a", "Value": "b c"}]
    for operation in ("ListObjectsV2", "ListObjects"):
        keys = [o["Key"] for o in s3.pages(operation, "Contents", 2, **place)]
        assert keys == sorted(names), keys
    below = s3.ListObjectsV2(**place, Delimiter="/")
    assert [p["Prefix"] for p in below["CommonPrefixes"]] == ["a/"]
    s3.CopyObject(**place, Key="copy", CopySource={**place, "Key": "b"})
    assert s3.body_of(s3.GetObject(**place, Key="copy")) == BODY
    s3.DeleteObject(**place, Key="copy")
    gone = s3.DeleteObjects(**place, Delete={"Objects": [{"Key": name} for name in names[:2]]})
    assert sorted(d["Key"] for d in gone["Deleted"]) == names[:2]


def scenario_object_failures(aws):
    s3 = aws.s3
    place = bucket(aws, "object-failures")
    none, no_bucket = {**place, "Key": "none"}, {"Bucket": "none", "Key": "k"}
    s3.fails("NoSuchKey", 404).GetObject(**none)
    s3.fails("404", 404).HeadObject(**none)
    s3.fails("NoSuchKey", 404).GetObjectTagging(**none)
    s3.fails("NoSuchKey", 404).PutObjectTagging(**none, Tagging={"TagSet": []})
    s3.fails("NoSuchKey", 404).CopyObject(**place, Key="k", CopySource=none)
    missing = s3.fails("NoSuchBucket", 404)
    missing.PutObject(**no_bucket, Body=b"")
    missing.DeleteObject(**no_bucket)
    missing.DeleteObjects(Bucket="none", Delete={"Objects": [{"Key": "k"}]})
    missing.ListObjects(Bucket="none")
    missing.ListObjectsV2(Bucket="none")
    missing.ListObjectVersions(Bucket="none")
    s3.PutObject(**place, Key="there", Body=b"x")
    s3.fails("InvalidRange", 416).GetObject(**place, Key="there", Range="bytes=5-9")
    s3.fails("PreconditionFailed", 412).GetObject(**place, Key="there", IfMatch='"other"')
    s3.fails("PreconditionFailed", 412).PutObject(**place, Key="there", Body=b"y", IfNoneMatch="*")
    s3.fails("InvalidArgument").ListObjectsV2(**place, ContinuationToken="?")
    s3.fails("BadDigest").PutObject(
        **place, Key="there", Body=b"x", ChecksumSHA256="A" * 43 + "="
    )


def scenario_versions(aws):
    s3 = aws.s3
    place = bucket(aws, "versions")
    s3.PutBucketVersioning(**place, VersioningConfiguration={"Status": "Enabled"})
    assert s3.GetBucketVersioning(**place)["Status"] == "Enabled"
    ids = [s3.PutObject(**place, Key="k", Body=bytes([n]))["VersionId"] for n in range(3)]
    for n in range(3):
        s3.PutObject(**place, Key=f"l{n}", Body=b"")
    assert s3.body_of(s3.GetObject(**place, Key="k", VersionId=ids[0])) == b"\0"
    marker = s3.DeleteObject(**place, Key="k")
    assert marker["DeleteMarker"] is True
    s3.fails("NoSuchKey", 404).GetObject(**place, Key="k")
    versions = s3.pages("ListObjectVersions", "Versions", 2, **place)
    assert [v["VersionId"] for v in versions if v["Key"] == "k"] == ids[::-1]
    assert len(versions) == 6
    s3.fails("NoSuchBucket", 404).PutBucketVersioning(
        Bucket="none", VersioningConfiguration={"Status": "Enabled"}
    )
    s3.fails("NoSuchBucket", 404).GetBucketVersioning(Bucket="none")


def scenario_multipart(aws):
    s3 = aws.s3
    place = bucket(aws, "multipart")
    one = {**place, "Key": "big"}
    upload = {**one, "UploadId": s3.CreateMultipartUpload(**one)["UploadId"]}
    s3.PutObject(**place, Key="source", Body=PART)
    parts = [s3.UploadPart(**upload, PartNumber=1, Body=PART)["ETag"]]
    copied = s3.UploadPartCopy(**upload, PartNumber=2, CopySource={**place, "Key": "source"})
    parts.append(copied["CopyPartResult"]["ETag"])
    parts.append(s3.UploadPart(**upload, PartNumber=3, Body=b"end")["ETag"])
    found = s3.pages("ListParts", "Parts", 2, **upload)
    assert [p["PartNumber"] for p in found] == [1, 2, 3]
    others = [s3.CreateMultipartUpload(**place, Key=f"o{n}")["UploadId"] for n in range(3)]
    uploads = s3.pages("ListMultipartUploads", "Uploads", 2, **place)
    assert {u["UploadId"] for u in uploads} == {upload["UploadId"], *others}
    chosen = {"Parts": [{"PartNumber": n + 1, "ETag": tag} for n, tag in enumerate(parts)]}
    s3.fails("InvalidPart").CompleteMultipartUpload(
        **upload, MultipartUpload={"Parts": [{"PartNumber": 9, "ETag": parts[0]}]}
    )
    s3.fails("InvalidPartOrder").CompleteMultipartUpload(
        **upload, MultipartUpload={"Parts": chosen["Parts"][::-1]}
    )
    done = s3.CompleteMultipartUpload(**upload, MultipartUpload=chosen)
    assert done["ETag"].endswith('-3"')
    assert s3.HeadObject(**one)["ContentLength"] == 2 * len(PART) + 3
    s3.AbortMultipartUpload(**place, Key="o0", UploadId=others[0])
    missing = s3.fails("NoSuchUpload", 404)
    missing.AbortMultipartUpload(**place, Key="o0", UploadId=others[0])
    missing.CompleteMultipartUpload(**upload, MultipartUpload=chosen)
    missing.UploadPart(**upload, PartNumber=1, Body=b"")
    missing.UploadPartCopy(**upload, PartNumber=1, CopySource={**place, "Key": "source"})
    missing.ListParts(**upload)
    s3.fails("NoSuchBucket", 404).CreateMultipartUpload(Bucket="none", Key="k")
    s3.fails("NoSuchBucket", 404).ListMultipartUploads(Bucket="none")


POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::settings/*",
            }
        ],
    }
)
RULE = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 3}}
CORS = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 3}
SSE = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}
BLOCK = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": False,
}
# Setting, the member that Put takes, its value, the member that Get answers and its value, the error without.
SETTINGS = [
    ("Cors", "CORSConfiguration", {"CORSRules": [CORS]}, "CORSRules", [CORS], "NoSuchCORSConfiguration"),
    ("Policy", "Policy", POLICY, "Policy", POLICY, "NoSuchBucketPolicy"),
    (
        "Tagging",
        "Tagging",
        {"TagSet": [{"Key": "a", "Value": "b"}]},
        "TagSet",
        [{"Key": "a", "Value": "b"}],
        "NoSuchTagSet",
    ),
    (
        "Encryption",
        "ServerSideEncryptionConfiguration",
        {"Rules": [SSE]},
        "ServerSideEncryptionConfiguration",
        {"Rules": [SSE]},
        None,
    ),
    (
        "OwnershipControls",
        "OwnershipControls",
        {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
        "OwnershipControls",
        {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
        "OwnershipControlsNotFoundError",
    ),
]


def scenario_settings(aws):
    s3 = aws.s3
    place = bucket(aws, "settings")
    for name, member, value, output, expected, error in SETTINGS:
        put, get, delete = (f"{verb}Bucket{name}" for verb in ("Put", "Get", "Delete"))
        getattr(s3, put)(**place, **{member: value})
        answered = getattr(s3, get)(**place)[output]
        if name == "Policy":
            answered, expected = json.loads(answered), json.loads(expected)
        assert answered == expected, (name, answered)
        getattr(s3, delete)(**place)
        if error:
            getattr(s3.fails(error, 404), get)(**place)
        missing = s3.fails("NoSuchBucket", 404)
        getattr(missing, put)(Bucket="none", **{member: value})
        getattr(missing, get)(Bucket="none")
        getattr(missing, delete)(Bucket="none")
    s3.fails("MalformedPolicy").PutBucketPolicy(**place, Policy="{")


def scenario_more_settings(aws):
    s3 = aws.s3
    place, none = bucket(aws, "more-settings"), {"Bucket": "none"}
    missing = s3.fails("NoSuchBucket", 404)
    rules = {"Rules": [RULE]}
    s3.PutBucketLifecycleConfiguration(**place, LifecycleConfiguration=rules)
    assert s3.GetBucketLifecycleConfiguration(**place)["Rules"] == [RULE]
    s3.DeleteBucketLifecycle(**place)
    s3.fails("NoSuchLifecycleConfiguration", 404).GetBucketLifecycleConfiguration(**place)
    missing.PutBucketLifecycleConfiguration(**none, LifecycleConfiguration=rules)
    missing.GetBucketLifecycleConfiguration(**none)
    missing.DeleteBucketLifecycle(**none)
    s3.PutPublicAccessBlock(**place, PublicAccessBlockConfiguration=BLOCK)
    assert s3.GetPublicAccessBlock(**place)["PublicAccessBlockConfiguration"] == BLOCK
    s3.DeletePublicAccessBlock(**place)
    s3.fails("NoSuchPublicAccessBlockConfiguration", 404).GetPublicAccessBlock(**place)
    missing.PutPublicAccessBlock(**none, PublicAccessBlockConfiguration=BLOCK)
    missing.GetPublicAccessBlock(**none)
    missing.DeletePublicAccessBlock(**none)
    logging = {"LoggingEnabled": {"TargetBucket": "more-settings", "TargetPrefix": "log/"}}
    s3.PutBucketLogging(**place, BucketLoggingStatus=logging)
    assert s3.GetBucketLogging(**place)["LoggingEnabled"] == logging["LoggingEnabled"]
    missing.PutBucketLogging(**none, BucketLoggingStatus=logging)
    missing.GetBucketLogging(**none)
    s3.PutBucketNotificationConfiguration(
        **place, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert "EventBridgeConfiguration" in s3.GetBucketNotificationConfiguration(**place)
    missing.PutBucketNotificationConfiguration(**none, NotificationConfiguration={})
    missing.GetBucketNotificationConfiguration(**none)


def scenario_compressed_body(aws):
    """A body with a content encoding of its own travels in chunks that are another one."""
    place = bucket(aws, "compressed")
    body = gzip.compress(BODY)
    aws.s3.PutObject(**place, Key="k", Body=body, ContentEncoding="gzip")
    got = aws.s3.GetObject(**place, Key="k")
    assert got["ContentEncoding"] == "gzip" and aws.s3.body_of(got) == body
