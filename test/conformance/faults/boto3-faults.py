"""Meets each fault with each service's client of boto3, and prints what became of it, one JSON object a line."""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
authorization = (
    "AWS4-HMAC-SHA256 Credential=boto3/20260101/us-east-1/lmi/aws4_request, "
    "SignedHeaders=host, Signature=" + "0" * 64
)
operations = {
    "cloudformation": "list_stacks",
    "ec2": "describe_vpcs",
    "ecr": "describe_repositories",
    "iam": "list_roles",
    "kms": "list_keys",
    "lambda": "list_functions",
    "logs": "describe_log_groups",
    "s3": "list_buckets",
    "ssm": "describe_parameters",
    "sts": "get_caller_identity",
}
faults = [
    {"fault": "throttle", "times": 1},
    {"fault": "error", "times": 1},
    {"fault": "error", "status": 503, "times": 1},
    {"fault": "reset", "times": 1},
    {"fault": "reset", "when": "after", "times": 1},
    {"fault": "expired-token", "times": 1},
    {"fault": "access-denied", "times": 1},
]


def tell(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        endpoint + path, data=data, method=method, headers={"Authorization": authorization}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


for service, operation in operations.items():
    client = boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="boto3",
        aws_secret_access_key="boto3",
        config=Config(
            retries={"mode": "standard", "max_attempts": 2},
            s3={"addressing_style": "path"},
            proxies={},
        ),
    )
    for fault in faults:
        tell("POST", "/faults", {**fault, "service": service})
        outcome = {"service": service, "fault": fault}
        try:
            answer = getattr(client, operation)()
            outcome["retries"] = answer["ResponseMetadata"]["RetryAttempts"]
        except ClientError as error:
            outcome["error"] = error.response["Error"]["Code"]
        outcome["hits"] = tell("GET", "/faults")["faults"][0]["hits"]
        tell("DELETE", "/faults")
        print(json.dumps(outcome), flush=True)
