"""Holds an error to botocore's model: a type that the operation declares, with that type's HTTP status."""

# "Common errors" of the services' API references: any operation may answer them, and no model lists them.
# S3's and EC2's models declare next to no errors at all, so there any code is taken.
COMMON = {
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "MissingParameter",
    "InvalidParameterValue",
    "ValidationError",
    "ValidationException",
}


def check_error(operation, error, exceptions, code, status):
    """What is wrong with a ClientError of which `code` and `status` were expected.

    Without a status, the one that the model gives the error is expected, and 400 where it gives none: services that
    speak JSON with the operation in a header answer every client error with it.
    """
    said = error.response["Error"]
    got = error.response["ResponseMetadata"]["HTTPStatusCode"]
    name = operation.name
    if said["Code"] != code:
        return [f"{name}: answered {said['Code']} ({said.get('Message')}), not {code}"]
    found = []
    # Services that spoke the query protocol first have codes of that time, and the model's beside them.
    code = said.get("QueryErrorCode", code)
    is_open = operation.service_model.service_name in ("s3", "ec2")
    declared = {s.error_code: s for s in operation.error_shapes}
    declared.update({s.name: s for s in operation.error_shapes})
    if declared and not is_open and code not in declared and code not in COMMON:
        found.append(f"{name}: {code} is no error that the model declares for it")
    modelled = None
    if code in declared:
        modelled = declared[code].metadata.get("error", {}).get("httpStatusCode")
        # Which of the two codes a client goes by depends on its model.
        typed = (exceptions.from_code(code), exceptions.from_code(said["Code"]))
        if type(error) not in typed or type(error).__name__ == "ClientError":
            found.append(f"{name}: {code} is no typed exception")
    expected = status or modelled or 400
    if got != expected:
        found.append(f"{name}: {code} came with HTTP {got}, not {expected}")
    if not said.get("Message") and operation.http.get("method") != "HEAD":
        found.append(f"{name}: {code} has no message")
    return found
