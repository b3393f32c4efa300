"""Where AWS itself does not keep to its model; the target answers as AWS does."""

import re

DEVIATIONS = {
    # "available" in EC2's own examples: API reference, DescribeInternetGateways and CreateVpcEndpoint.
    "ec2": [
        r"\.InternetGateways\[\d+\]\.Attachments\[\d+\]\.State: 'available' is none of the model's values",
        r"\.VpcEndpoints?(\[\d+\])?\.State: 'available' is none of the model's values",
    ],
    # Managed instances' version has a name that the older pattern of these members does not know: Lambda developer
    # guide, "Lambda Managed Instances: publishing versions"; observed, localstack/localstack.
    "lambda": [
        r".*Version: '\$LATEST\.PUBLISHED' does not fit \(\\\$LATEST\|\[0-9\]\+\)",
    ],
    # Stacks have states that the model has for stacks alone, and their own events show them: user guide, "Stack status
    # codes", beside the events of any update.
    "cloudformation": [
        r"\.(Stack|Operation)Events\[\d+\]\.ResourceStatus: '(REVIEW_IN_PROGRESS|UPDATE_(ROLLBACK_)?COMPLETE_CLEANUP_IN_PROGRESS)'"
        r" is none of the model's values",
    ],
    # A rule has no targets before it gets some; the bounds are those of requests.
    "events": [r"\.Targets: 0 long, the model says at least 1"],
    # A group without tags has an empty map of them; the bounds are those of requests.
    "logs": [r"\.tags: 0 long, the model says at least 1"],
    # `"InvalidParameters": []` in the AWS CLI reference's example of get-parameters.
    "ssm": [r"\.(Invalid|Deleted)Parameters: 0 long, the model says at least 1"],
}


def is_known(service, text):
    return any(re.fullmatch(pattern, text) for pattern in DEVIATIONS.get(service, ()))
