"""Drives a running target with boto3 or the AWS CLI through every scenario, and writes what it found as JSON.

    python main.py --endpoint http://127.0.0.1:PORT --client boto3|cli --report FILE [service …]
"""

import argparse
import importlib
import json
import os
import pathlib
import sys
import time
import traceback

from conformance.recorder import Recorder

SERVICES = sorted(
    file.stem.rstrip("_") for file in (pathlib.Path(__file__).parent / "scenarios").glob("[a-z]*.py")
)


def scenarios(service):
    """The service's scenarios, in the order of the file."""
    module = importlib.import_module("scenarios." + ("lambda_" if service == "lambda" else service))
    return [
        (name, function) for name, function in vars(module).items() if name.startswith("scenario_")
    ]


def run(aws, services, recorder):
    for service in services:
        for name, scenario in scenarios(service):
            started = time.monotonic()
            try:
                scenario(aws)
            except Exception as error:  # pylint: disable=broad-except -- a scenario's failure is a finding
                place = traceback.extract_tb(error.__traceback__)
                here = [frame for frame in place if "scenarios" in frame.filename][-1:]
                where = f"{name}:{here[0].lineno}" if here else name
                recorder.problem(service, where, f"{type(error).__name__}: {error}")
            print(f"{service} {name} {time.monotonic() - started:.1f}s", file=sys.stderr, flush=True)


def client(name, endpoint, recorder):
    if name == "boto3":
        from conformance.boto3_client import Boto3

        return Boto3(endpoint, recorder)
    from conformance.cli_client import Cli

    return Cli(endpoint, recorder)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--endpoint", required=True)
    options.add_argument("--client", choices=("boto3", "cli"), required=True)
    options.add_argument("--report", required=True)
    options.add_argument("services", nargs="*", default=SERVICES)
    chosen = options.parse_args()
    # Nothing of the machine's own AWS settings.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
    recorder = Recorder()
    run(client(chosen.client, chosen.endpoint, recorder), chosen.services, recorder)
    pathlib.Path(chosen.report).write_text(json.dumps(recorder.report(), indent=1))


if __name__ == "__main__":
    main()
