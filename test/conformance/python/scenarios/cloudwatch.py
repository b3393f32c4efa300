import datetime

NOW = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)


def minutes_ago(count):
    """As text, which both clients take."""
    return (NOW - datetime.timedelta(minutes=count)).isoformat()


HOUR = {"StartTime": minutes_ago(60), "EndTime": minutes_ago(-1)}
SHOP = [{"Name": "Shop", "Value": "north"}, {"Name": "Stage", "Value": "live"}]


def query(name, stat, **more):
    metric = {"Namespace": "Conformance", "MetricName": name, "Dimensions": SHOP}
    return {"Id": name.lower(), "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat, **more}}


def put(aws, name, **values):
    datum = {"MetricName": name, "Dimensions": SHOP, "Unit": "Count", **values}
    aws.cloudwatch.PutMetricData(Namespace="Conformance", MetricData=[datum])


def scenario_statistics(aws):
    cloudwatch = aws.cloudwatch
    for value in (1.0, 2.0, 3.5):
        put(aws, "Orders", Value=value, Timestamp=minutes_ago(5))
    put(aws, "Orders", Values=[1.0, 10.0], Counts=[2.0, 1.0], Timestamp=minutes_ago(3))
    statistics = {"SampleCount", "Sum", "Average", "Minimum", "Maximum"}
    wanted = {
        "Namespace": "Conformance",
        "MetricName": "Orders",
        "Dimensions": SHOP,
        "Period": 60,
        **HOUR,
    }
    found = cloudwatch.GetMetricStatistics(**wanted, Statistics=sorted(statistics))
    first, second = sorted(found["Datapoints"], key=lambda point: str(point["Timestamp"]))
    assert [first[name] for name in ("SampleCount", "Sum", "Minimum", "Maximum")] == [3, 6.5, 1, 3.5]
    assert (second["SampleCount"], second["Average"], second["Unit"]) == (3, 4, "Count")
    found = cloudwatch.GetMetricStatistics(**wanted, ExtendedStatistics=["p50", "p100"])
    assert all("p100" in point["ExtendedStatistics"] for point in found["Datapoints"])
    refused = cloudwatch.fails("InvalidParameterCombination")
    refused.GetMetricStatistics(**{**wanted, "EndTime": HOUR["StartTime"]}, Statistics=["Sum"])
    refused = cloudwatch.fails("InvalidParameterValue")
    refused.GetMetricStatistics(**{**wanted, "Period": 61}, Statistics=["Sum"])


def scenario_data(aws):
    cloudwatch = aws.cloudwatch
    for minute in range(1, 6):
        put(aws, "Visits", Value=float(minute), Timestamp=minutes_ago(minute))
    queries = [query("Visits", "Sum"), query("Nothing", "Average")]
    found = cloudwatch.GetMetricData(MetricDataQueries=queries, ScanBy="TimestampDescending", **HOUR)
    visits, nothing = found["MetricDataResults"]
    assert visits["Values"] == [1, 2, 3, 4, 5]
    assert (nothing["Values"], nothing["StatusCode"]) == ([], "Complete")
    page = cloudwatch.GetMetricData(MetricDataQueries=queries[:1], MaxDatapoints=3, **HOUR)
    rest = cloudwatch.GetMetricData(
        MetricDataQueries=queries[:1], MaxDatapoints=3, NextToken=page["NextToken"], **HOUR
    )
    pages = [each["MetricDataResults"][0] for each in (page, rest)]
    assert [each["StatusCode"] for each in pages] == ["PartialData", "Complete"]
    assert pages[0]["Values"] + pages[1]["Values"] == visits["Values"]
    refused = cloudwatch.fails("InvalidNextToken")
    refused.GetMetricData(MetricDataQueries=queries, NextToken="nonsense", **HOUR)


def scenario_metrics(aws):
    cloudwatch = aws.cloudwatch
    put(aws, "Listed", Value=1.0)
    wanted = {"Namespace": "Conformance", "MetricName": "Listed"}
    found = cloudwatch.ListMetrics(
        **wanted, Dimensions=[{"Name": "Shop", "Value": "north"}], RecentlyActive="PT3H"
    )
    assert [metric["Dimensions"] for metric in found["Metrics"]] == [SHOP]
    other = [{"Name": "Shop", "Value": "south"}]
    assert cloudwatch.ListMetrics(**wanted, Dimensions=other)["Metrics"] == []
    cloudwatch.fails("InvalidParameterValue").ListMetrics(NextToken="nonsense")


def scenario_refusals(aws):
    cloudwatch = aws.cloudwatch
    datum = {"MetricName": "m", "Value": 1.0}
    cloudwatch.fails("InvalidParameterValue").PutMetricData(Namespace="AWS/x", MetricData=[datum])
    cloudwatch.fails("InvalidParameterCombination").PutMetricData(
        Namespace="Conformance", MetricData=[{**datum, "Values": [1.0]}]
    )
    cloudwatch.fails("InvalidParameterValue").PutMetricData(
        Namespace="Conformance", MetricData=[{**datum, "Timestamp": minutes_ago(60 * 24 * 20)}]
    )
