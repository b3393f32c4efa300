"""Random input that botocore's model allows, for every operation, against a target that holds things.

    python fuzz.py --endpoint http://127.0.0.1:PORT --report FILE [--seed N] [--rounds N] [--writes N] service.Operation …

Each answer is held to the model; an error must be the request's fault and one that the operation declares.
"""

import argparse
import json
import os
import pathlib
import random
import re
import string
import sys

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from conformance.boto3_client import Boto3
from conformance.error_check import COMMON
from conformance.recorder import Recorder
from conformance.shape_check import compiled

# What becomes headers is the client's to set: a length that is not the body's makes both wait, and names of
# metadata have to be names of headers.
TRANSPORT = re.compile("ContentLength|Metadata|ContentMD5|Checksum.*|.*Unmodified.*|.*ModifiedSince.*")
# Of botocore's own errors these tell of the answer; the others refuse to send the request.
ANSWER_ERRORS = (
    ConnectionError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
    ResponseParserError,
)
READS = ("Describe", "Filter", "Get", "List", "Head")
WORDS = ("a", "none", "/", "x" * 60, "é", "a b", "*", "0", "arn:aws:iam::000000000000:role/r", "vpc-0")


class Inputs:
    """Values for shapes; names that were answered before come back as input."""

    def __init__(self, chance):
        self._chance = chance
        self._known = {}

    def learn(self, value):
        """Remembers what answers hold by the names of their members, so that requests can name what exists."""
        if isinstance(value, dict):
            for name, item in value.items():
                if isinstance(item, str):
                    self._known.setdefault(name.lower(), set()).add(item)
                self.learn(item)
        elif isinstance(value, list):
            for item in value:
                self.learn(item)

    def of(self, shape, name=""):
        return getattr(self, f"_{shape.type_name}", self._string)(shape, name)

    def _structure(self, shape, _name):
        names = [
            name
            for name in shape.members
            if name in shape.required_members
            or (self._chance.random() < 0.3 and not TRANSPORT.fullmatch(name))
        ]
        return {name: self.of(shape.members[name], name) for name in names}

    def _list(self, shape, name):
        low = shape.metadata.get("min", 0)
        size = max(low, self._chance.choice((0, 1, 1, 2)))
        return [self.of(shape.member, name.removesuffix("s")) for _ in range(size)]

    def _map(self, shape, _name):
        return {self.of(shape.key): self.of(shape.value)}

    def _integer(self, shape, _name):
        low = shape.metadata.get("min", 0)
        high = min(shape.metadata.get("max", 1000), low + 1000)
        return self._chance.choice((low, high, self._chance.randint(low, high)))

    _long = _integer

    def _boolean(self, _shape, _name):
        return self._chance.random() < 0.5

    def _timestamp(self, _shape, _name):
        return self._chance.randint(0, 2_000_000_000)

    def _blob(self, _shape, _name):
        return b"x"

    def _double(self, _shape, _name):
        return self._chance.random()

    _float = _double

    def _string(self, shape, name):
        if shape.enum and self._chance.random() < 0.95:
            return self._chance.choice(shape.enum)
        known = self._known.get(name.lower())
        if known and self._chance.random() < 0.6:
            return self._chance.choice(sorted(known))
        low, high = shape.metadata.get("min", 1), shape.metadata.get("max", 64)
        letters = self._chance.choice((string.ascii_lowercase, string.digits, string.printable[:94]))
        size = self._chance.randint(max(low, 1), max(low, 1, min(high, 40)))
        drawn = "".join(self._chance.choice(letters) for _ in range(size))
        pattern = shape.metadata.get("pattern")
        legal = [
            word
            for word in (*WORDS, drawn)
            if low <= len(word) <= high and (not pattern or compiled(pattern).fullmatch(word))
        ]
        return self._chance.choice(legal) if legal else drawn


class Fuzz:
    def __init__(self, endpoint, seed):
        self.recorder = Recorder()
        self.aws = Boto3(endpoint, self.recorder)
        self.chance = random.Random(seed)
        self.inputs = Inputs(self.chance)

    def call(self, service, operation):
        client = getattr(self.aws, service)
        model = client.model.operation_model(operation)
        params = self.inputs.of(model.input_shape) if model.input_shape else {}
        try:
            answer = getattr(client, operation)(**params)
        except ClientError as error:
            self._check_error(service, model, params, error)
        except BotoCoreError as error:
            if isinstance(error, ANSWER_ERRORS):
                self.recorder.problem(service, operation, f"{type(error).__name__} of {params}")
        else:
            self.inputs.learn(answer)

    def _check_error(self, service, model, params, error):
        self.recorder.refused(service, model.name)
        said = error.response["Error"]
        # Services that spoke the query protocol first have codes of that time, and the model's beside them.
        code = said["Code"]
        codes = {code, said.get("QueryErrorCode", code)}
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        declared = {name for s in model.error_shapes for name in (s.name, s.error_code)}
        is_open = service in ("s3", "ec2") or not declared
        if code == "NotImplemented" and status == 501:
            return  # A difference that the target says: src/local/README.md.
        if status >= 500:
            text = f"HTTP {status} {code} {error.response['Error'].get('Message')}: {params}"
            self.recorder.problem(service, model.name, text)
        elif not is_open and not codes & (declared | set(COMMON)):
            text = f"{code} is no error that the model declares for it: {params}"
            self.recorder.problem(service, model.name, text)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--endpoint", required=True)
    options.add_argument("--report", required=True)
    options.add_argument("--seed", type=int, default=random.randrange(2**32))
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--writes", type=int, default=5)
    options.add_argument("operations", nargs="+", help="service.Operation")
    chosen = options.parse_args()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    print(f"seed {chosen.seed}", file=sys.stderr)
    fuzz = Fuzz(chosen.endpoint, chosen.seed)
    operations = [operation.split(".") for operation in chosen.operations]
    reads = [one for one in operations if one[1].startswith(READS)]
    # Writes come last and once: they take away what reads could find.
    rounds = [reads] * chosen.rounds + [operations] * chosen.writes
    for chosen_operations in rounds:
        for service, operation in chosen_operations:
            fuzz.call(service, operation)
    report = {**fuzz.recorder.report(), "seed": chosen.seed}
    pathlib.Path(chosen.report).write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
