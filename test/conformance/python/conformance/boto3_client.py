"""boto3 as scenarios see it: every answer is held to the model on its way."""

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from .body_check import check_body
from .deviations import is_known
from .error_check import check_error
from .shape_check import check

CREDENTIALS = {
    "aws_access_key_id": "lmi-local",
    "aws_secret_access_key": "lmi-local",
    "region_name": "us-east-1",
}


class Boto3:
    """`aws.<service>.<Operation>(**input)` answers its output; `aws.<service>.fails(code, status)` wants an error."""

    name = "boto3"

    def __init__(self, endpoint, recorder):
        self.endpoint = endpoint
        self.recorder = recorder
        self._services = {}

    def has(self, service, operation):
        return operation in getattr(self, service).model.operation_names

    def __getattr__(self, service):
        if service.startswith("_"):
            raise AttributeError(service)
        service = service.rstrip("_")
        if service not in self._services:
            self._services[service] = Boto3Service(service, self.endpoint, self.recorder)
        return self._services[service]


def client_of(service, endpoint, **settings):
    config = Config(
        retries={"total_max_attempts": 1},
        inject_host_prefix=False,
        s3={"addressing_style": "path"},
        **settings,
    )
    return boto3.client(service, endpoint_url=endpoint, config=config, **CREDENTIALS)


class Boto3Service:
    def __init__(self, service, endpoint, recorder):
        self._service = service
        self._recorder = recorder
        self._endpoint = endpoint
        self.client = client_of(service, endpoint)
        self.model = self.client.meta.service_model
        self._methods = {
            operation: method for method, operation in self.client.meta.method_to_api_mapping.items()
        }
        self.client.meta.events.register("response-received", self._received)

    def _received(self, response_dict, parsed_response, event_name, **_):
        operation = self.model.operation_model(event_name.rsplit(".", 1)[-1])
        if response_dict is None or parsed_response is None or response_dict["status_code"] >= 300:
            return
        self._recorder.checked += 1
        found = check_body(operation, response_dict)
        if operation.output_shape is not None:
            found += check(operation.output_shape, parsed_response)
        for text in found:
            if not is_known(self._service, text):
                self._recorder.problem(self._service, operation.name, text)

    def __getattr__(self, operation):
        if operation.startswith("_"):
            raise AttributeError(operation)
        method = getattr(self.client, self._methods[operation])

        def call(**params):
            output = method(**params)
            self._recorder.answered(self._service, operation)
            return output

        return call

    def fails(self, code, status=None, signed=True):
        client = self.client
        if not signed:
            client = client_of(self._service, self._endpoint, signature_version=UNSIGNED)
        return Failing(self, client, code, status)

    def pages(self, operation, member, size, **params):
        """All items, through boto3's own paginator, `size` a page where the operation takes one; each once."""
        paginator = self.client.get_paginator(self._methods[operation])
        settings = {} if size is None else {"PageSize": size}
        items, pages = [], 0
        for page in paginator.paginate(**params, PaginationConfig=settings):
            self._recorder.answered(self._service, operation)
            found = page.get(member, [])
            if size is not None and len(found) > size:
                self._recorder.problem(
                    self._service, operation, f"{len(found)} {member} on a page of {size}"
                )
            items += found
            pages += 1
        self._check_pages(operation, member, items, pages, size)
        return items

    @staticmethod
    def body_of(output):
        """The bytes of an answer that streams."""
        return output["Body" if "Body" in output else "Payload"].read()

    def _check_pages(self, operation, member, items, pages, size):
        keys = [repr(item) for item in items]
        if len(set(keys)) != len(keys):
            self._recorder.problem(self._service, operation, f"{member}: an item came twice")
        if size is not None and len(items) > size and pages < 2:
            self._recorder.problem(self._service, operation, f"{len(items)} {member} on one page")

    def wait(self, waiter, **params):
        self.client.get_waiter(waiter).wait(**params, WaiterConfig={"Delay": 0.05, "MaxAttempts": 400})


class Failing:
    def __init__(self, service, client, code, status):
        self._parts = service, client, code, status

    def __getattr__(self, operation):
        service, client, code, status = self._parts

        def call(**params):
            try:
                getattr(client, service._methods[operation])(**params)
            except ClientError as error:
                model = service.model.operation_model(operation)
                found = check_error(model, error, service.client.exceptions, code, status)
                for text in found:
                    service._recorder.problem(service._service, operation, text)
                service._recorder.refused(service._service, operation)
                return error.response
            service._recorder.problem(service._service, operation, f"no {code}")
            return {}

        return call
