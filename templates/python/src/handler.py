"""The function. Lambda calls handler(event, context) once for each request."""

import json
import logging

# Lambda Managed Instances run several processes of this program beside each other, and each serves one request at a
# time: variables of the module are never shared between requests that run at once. Two things are: the memory of the
# instance (each process loads everything itself), and /tmp, so give temporary files names of their own (tempfile does),
# and clean up after yourself.
logger = logging.getLogger()


def handler(event, context):
    logger.info("answering a request")
    return {
        "statusCode": 200,
        "body": json.dumps({"message": "Hello from Lambda Managed Instances!", "event": event}),
    }
