"""Reads and writes metrics with boto3 over one of the protocols that its model of CloudWatch names."""

import datetime
import gzip
import json
import pathlib
import sys
import tempfile

import boto3
import botocore
import botocore.session

protocol = sys.argv[1]


def client_of(protocol):
    """A client whose model names this protocol alone."""
    models = pathlib.Path(botocore.__file__).parent / "data/cloudwatch/2010-08-01"
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder) / "cloudwatch/2010-08-01"
        place.mkdir(parents=True)
        for file in models.iterdir():
            text = gzip.open(file).read() if file.suffix == ".gz" else file.read_bytes()
            (place / file.name.removesuffix(".gz")).write_bytes(text)
        service = json.loads((place / "service-2.json").read_text())
        service["metadata"].update(protocol=protocol, protocols=[protocol])
        (place / "service-2.json").write_text(json.dumps(service))
        session = botocore.session.Session()
        loader = session.get_component("data_loader")
        loader.search_paths.insert(0, folder)
        return boto3.Session(botocore_session=session).client("cloudwatch")


def main():
    cloudwatch = client_of(protocol)
    now = datetime.datetime.now(datetime.timezone.utc)
    times = {
        "StartTime": now - datetime.timedelta(hours=1),
        "EndTime": now + datetime.timedelta(hours=1),
    }
    statistics = cloudwatch.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": "f"}],
        Period=7200,
        Statistics=["Sum"],
        **times,
    )
    names = {
        metric["MetricName"]
        for page in cloudwatch.get_paginator("list_metrics").paginate(Namespace="AWS/Lambda")
        for metric in page["Metrics"]
    }
    namespace = f"boto3/{protocol}"
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[
            {
                "MetricName": "m",
                "Value": value,
                "Timestamp": now - datetime.timedelta(minutes=value),
                "Unit": "Bytes",
            }
            for value in (1.0, 2.0, 3.0)
        ],
    )
    pages = list(
        cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=[
                {
                    "Id": "m",
                    "MetricStat": {
                        "Metric": {"Namespace": namespace, "MetricName": "m"},
                        "Period": 60,
                        "Stat": "p50",
                    },
                }
            ],
            PaginationConfig={"PageSize": 2},
            **times,
        )
    )
    try:
        cloudwatch.put_metric_data(Namespace="AWS/x", MetricData=[{"MetricName": "m", "Value": 1}])
        refused = None
    except cloudwatch.exceptions.InvalidParameterValueException as error:
        refused = [type(error).__name__, error.response["Error"]["Code"]]
    print(
        json.dumps(
            {
                "protocol": cloudwatch.meta.service_model.resolved_protocol,
                "invocations": statistics["Datapoints"][0]["Sum"],
                "capacity": sorted(names),
                "written": [value for page in pages for value in page["MetricDataResults"][0]["Values"]],
                "pages": len(pages),
                "refused": refused,
            }
        )
    )


main()
