"""Input of an operation as arguments of the AWS CLI: shorthand where it can say it, JSON otherwise."""

import json
import pathlib
import re
import uuid
from urllib.parse import quote

from botocore import xform_name

SAFE = re.compile(r"[\w./@+-][\w./:@+-]*")


class Arguments:
    """Files that arguments point to live in `folder`."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)

    def file(self, content=b""):
        path = self._folder / uuid.uuid4().hex
        path.write_bytes(content)
        return path

    def of(self, operation, params):
        """Arguments, positional ones at the end; and the file that a streamed answer goes to."""
        argv = []
        for name, value in params.items():
            argv += self._argument(operation, name, value)
        outfile = self.file() if operation.has_streaming_output else None
        return argv + ([str(outfile)] if outfile else []), outfile

    def _argument(self, operation, name, value):
        shape = operation.input_shape.members[name]
        if name == "CopySource":
            value = f"{value['Bucket']}/{quote(value['Key'])}"
        option = "--" + xform_name(name, "-")
        if operation.name == "Subscribe" and name == "Endpoint":
            # Its own name would be the beginning of --endpoint-url (awscli/customizations/argrename.py).
            option = "--notification-endpoint"
        if name in ("Code", "Content") and "ZipFile" in value:
            # The CLI takes a zip file beside the structure that holds it (awscli/customizations/awslambda.py).
            return ["--zip-file", f"fileb://{self.file(value['ZipFile'])}"]
        if shape.type_name == "boolean":
            return [option if value else option.replace("--", "--no-", 1)]
        if shape.type_name == "blob":
            path = self.file(value)
            is_streaming = shape.serialization.get("streaming")
            return [option, str(path) if is_streaming else f"fileb://{path}"]
        if shape.type_name == "list":
            return [option, *self._list(value)]
        if shape.type_name in ("structure", "map"):
            return [option, shorthand(value) or json.dumps(value)]
        return [option, value if isinstance(value, str) else json.dumps(value)]

    def _list(self, value):
        items = [shorthand(item) if isinstance(item, dict) else safe(item) for item in value]
        return items if items and all(items) else [json.dumps(value)]


def safe(value):
    return value if isinstance(value, str) and SAFE.fullmatch(value) else None


def shorthand(value):
    """`Key=a,Value=b`, where no member needs more than that."""
    parts = []
    for name, item in value.items():
        if isinstance(item, bool):
            item = "true" if item else "false"
        elif isinstance(item, int):
            item = str(item)
        elif isinstance(item, list) and item and all(safe(one) for one in item):
            item = ",".join(item)
            if "," not in item:
                return None  # One value would be no list.
        elif not safe(item):
            return None
        parts.append(f"{name}={item}")
    return ",".join(parts) or None
