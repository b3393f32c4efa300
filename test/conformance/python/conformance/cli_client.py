"""The AWS CLI as scenarios see it: each call is `aws <service> <operation> …` in a process of its own.

The process is forked from this one, where the CLI's modules are loaded already, which saves their half second each
time; it is awscli's own entry, arguments and output included.
"""

import json
import os
import re
import sys
import tempfile
import time

import awscli.clidriver
import botocore.waiter
from botocore import xform_name

from .cli_arguments import Arguments

COMMANDS = {"s3": "s3api"}
FAILURE = re.compile(
    r"An error occurred \((?P<code>[^)]+)\) when calling the (?P<operation>\w+) operation"
    r"(?: \([^)]*\))?:(?P<message>.*)",
    re.DOTALL,
)
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "lmi-local",
    "AWS_SECRET_ACCESS_KEY": "lmi-local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_PAGER": "",
}


class Cli:
    """The same interface as Boto3."""

    name = "AWS CLI"

    def __init__(self, endpoint, recorder):
        os.environ.update(ENVIRONMENT)
        self.endpoint = endpoint
        self.recorder = recorder
        self.driver = awscli.clidriver.create_clidriver()
        self.commands = self.driver._get_command_table()
        self.folder = tempfile.TemporaryDirectory(prefix="lmi-cli-")
        self.arguments = Arguments(self.folder.name)
        self._services = {}

    def has(self, service, operation):
        table = self.commands[COMMANDS.get(service, service)]._get_command_table()
        # Live tail needs a terminal's Ctrl-C to end.
        return xform_name(operation, "-") in table and operation != "StartLiveTail"

    def __getattr__(self, service):
        if service.startswith("_"):
            raise AttributeError(service)
        service = service.rstrip("_")
        if service not in self._services:
            self._services[service] = CliService(service, self)
        return self._services[service]

    def run(self, argv):
        """Exit code, stdout and stderr of `aws` with these arguments."""
        sys.stdout.flush()
        sys.stderr.flush()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                self._become_cli(argv, out, err)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0)
            err.seek(0)
            return code, out.read().decode(), err.read().decode()

    def _become_cli(self, argv, out, err):
        code = 255
        try:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            code = self.driver.main([*argv, "--endpoint-url", self.endpoint, "--output", "json"])
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)


class CliService:
    def __init__(self, service, cli):
        self._service = service
        self._cli = cli
        self._recorder = cli.recorder
        self._command = COMMANDS.get(service, service)
        self._model = cli.driver.session.get_service_model(service)
        cli.commands[self._command]._get_command_table()

    def _run(self, operation, params, *more):
        model = self._model.operation_model(operation)
        argv, outfile = self._cli.arguments.of(model, params)
        result = self._cli.run([self._command, xform_name(operation, "-"), *argv, *more])
        return (*result, outfile)

    def __getattr__(self, operation):
        if operation.startswith("_"):
            raise AttributeError(operation)

        def call(**params):
            return self._answer(operation, params)

        return call

    def _answer(self, operation, params, *more):
        code, out, err, outfile = self._run(operation, params, *more)
        if code != 0:
            raise AssertionError(f"{operation} ended with {code}: {err.strip()}")
        self._recorder.answered(self._service, operation)
        output = json.loads(out) if out.strip() else {}
        if outfile:
            output["outfile"] = outfile
        return output

    def fails(self, code, _status=None, signed=True):
        return CliFailing(self, code, [] if signed else ["--no-sign-request"])

    def pages(self, operation, member, size, **params):
        """All items; the CLI asks for the pages, `size` each, and puts them together."""
        more = [] if size is None else ["--page-size", str(size)]
        items = self._answer(operation, params, *more).get(member, [])
        if len({repr(item) for item in items}) != len(items):
            self._recorder.problem(self._service, operation, f"{member}: an item came twice")
        return items

    @staticmethod
    def body_of(output):
        return output["outfile"].read_bytes()

    def wait(self, waiter, **params):
        waiters = self._cli.driver.session.get_waiter_model(self._service)
        operation = waiters.get_waiter(_waiter_name(waiter)).operation
        argv, _ = self._cli.arguments.of(self._model.operation_model(operation), params)
        sleep, botocore.waiter.time.sleep = time.sleep, lambda _: sleep(0.05)
        try:
            code, _, err = self._cli.run([self._command, "wait", waiter.replace("_", "-"), *argv])
        finally:
            botocore.waiter.time.sleep = sleep
        if code != 0:
            raise AssertionError(f"wait {waiter} ended with {code}: {err.strip()}")


def _waiter_name(waiter):
    return "".join(part.capitalize() for part in waiter.split("_"))


class CliFailing:
    def __init__(self, service, code, more):
        self._parts = service, code, more

    def __getattr__(self, operation):
        service, code, more = self._parts

        def call(**params):
            status, out, err, _ = service._run(operation, params, *more)
            said = FAILURE.search(err)
            if status == 0 or said is None:
                text = f"no {code}, but {status}: {(err or out).strip()[:300]}"
                service._recorder.problem(service._service, operation, text)
            elif (said["code"], said["operation"]) != (code, operation):
                text = f"answered {said['code']} of {said['operation']}, not {code}"
                service._recorder.problem(service._service, operation, text)
            service._recorder.refused(service._service, operation)
            return {}

        return call
