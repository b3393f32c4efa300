import time

NONE = {"logGroupName": "/none"}


def now():
    return int(time.time() * 1000)


def scenario_groups(aws):
    logs = aws.logs
    names = [f"/conformance/{n}" for n in range(5)]
    for name in names:
        logs.CreateLogGroup(logGroupName=name, tags={"n": name})
    listed = logs.pages("DescribeLogGroups", "logGroups", 2, logGroupNamePrefix="/conformance/")
    assert [group["logGroupName"] for group in listed] == names
    logs.PutRetentionPolicy(logGroupName=names[0], retentionInDays=7)
    one = {"logGroupNamePrefix": names[0]}
    assert logs.DescribeLogGroups(**one)["logGroups"][0]["retentionInDays"] == 7
    logs.DeleteRetentionPolicy(logGroupName=names[0])
    assert "retentionInDays" not in logs.DescribeLogGroups(**one)["logGroups"][0]
    logs.DeleteLogGroup(logGroupName=names[0])
    logs.fails("ResourceNotFoundException").DeleteLogGroup(logGroupName=names[0])
    logs.fails("ResourceAlreadyExistsException").CreateLogGroup(logGroupName=names[1])
    logs.fails("InvalidParameterException").CreateLogGroup(logGroupName="not a name")
    logs.fails("InvalidParameterException").PutRetentionPolicy(
        logGroupName=names[1], retentionInDays=8
    )
    logs.fails("ResourceNotFoundException").PutRetentionPolicy(**NONE, retentionInDays=7)
    logs.fails("ResourceNotFoundException").DeleteRetentionPolicy(**NONE)
    logs.fails("InvalidParameterException").DescribeLogGroups(nextToken="nonsense")
    logs.fails("InvalidParameterException").DescribeLogGroups(
        logGroupNamePrefix="a", logGroupNamePattern="b"
    )


def scenario_tags(aws):
    logs = aws.logs
    group = {"logGroupName": "/tags"}
    logs.CreateLogGroup(**group)
    arn = logs.DescribeLogGroups(logGroupNamePrefix="/tags")["logGroups"][0]["logGroupArn"]
    logs.TagResource(resourceArn=arn, tags={"a": "1", "b": "2"})
    logs.UntagResource(resourceArn=arn, tagKeys=["a"])
    logs.TagLogGroup(**group, tags={"c": "3", "d": "4"})
    logs.UntagLogGroup(**group, tags=["d"])
    assert logs.ListTagsForResource(resourceArn=arn)["tags"] == {"b": "2", "c": "3"}
    assert logs.ListTagsLogGroup(**group)["tags"] == {"b": "2", "c": "3"}
    missing = logs.fails("ResourceNotFoundException")
    none = arn.replace("/tags", "/none")
    missing.TagResource(resourceArn=none, tags={"a": "1"})
    missing.UntagResource(resourceArn=none, tagKeys=["a"])
    missing.ListTagsForResource(resourceArn=none)
    missing.TagLogGroup(**NONE, tags={"a": "1"})
    missing.UntagLogGroup(**NONE, tags=["a"])
    missing.ListTagsLogGroup(**NONE)


def scenario_streams(aws):
    logs = aws.logs
    group = {"logGroupName": "/streams"}
    logs.CreateLogGroup(**group)
    names = [f"s{n}" for n in range(5)]
    for name in names:
        logs.CreateLogStream(**group, logStreamName=name)
    listed = logs.pages("DescribeLogStreams", "logStreams", 2, **group)
    assert [stream["logStreamName"] for stream in listed] == names
    by_time = logs.DescribeLogStreams(**group, orderBy="LastEventTime", descending=True, limit=1)
    assert len(by_time["logStreams"]) == 1 and by_time["nextToken"]
    logs.DeleteLogStream(**group, logStreamName="s0")
    logs.fails("ResourceNotFoundException").DeleteLogStream(**group, logStreamName="s0")
    logs.fails("ResourceAlreadyExistsException").CreateLogStream(**group, logStreamName="s1")
    logs.fails("InvalidParameterException").CreateLogStream(**group, logStreamName="a:b")
    logs.fails("ResourceNotFoundException").CreateLogStream(**NONE, logStreamName="s")
    logs.fails("ResourceNotFoundException").DescribeLogStreams(**NONE)
    logs.fails("InvalidParameterException").DescribeLogStreams(
        **group, orderBy="LastEventTime", logStreamNamePrefix="s"
    )


def scenario_events(aws):
    logs = aws.logs
    group = {"logGroupName": "/events"}
    stream = {**group, "logStreamName": "s"}
    logs.CreateLogGroup(**group)
    logs.CreateLogStream(**stream)
    start = now() - 1000
    events = [{"timestamp": start + n, "message": f'{{"n": {n}, "tag": "é"}}'} for n in range(25)]
    logs.PutLogEvents(**stream, logEvents=events)
    late = [{"timestamp": start - 20 * 86_400_000, "message": "old"}]
    rejected = logs.PutLogEvents(**stream, logEvents=late)["rejectedLogEventsInfo"]
    assert rejected["tooOldLogEventEndIndex"] == 1, rejected
    found = logs.pages("FilterLogEvents", "events", 7, **group, filterPattern="{ $.n >= 5 }")
    assert [event["message"] for event in found] == [event["message"] for event in events[5:]]
    first = logs.GetLogEvents(**stream, startFromHead=True, limit=10)
    second = logs.GetLogEvents(
        **stream, startFromHead=True, limit=20, nextToken=first["nextForwardToken"]
    )
    assert [e["message"] for e in first["events"] + second["events"]] == [
        event["message"] for event in events
    ]
    listed = logs.DescribeLogStreams(**group)["logStreams"][0]
    assert listed["firstEventTimestamp"] == start and listed["lastEventTimestamp"] == start + 24
    missing = logs.fails("ResourceNotFoundException")
    missing.PutLogEvents(**group, logStreamName="none", logEvents=events)
    missing.GetLogEvents(**group, logStreamName="none")
    missing.FilterLogEvents(**NONE)
    logs.fails("InvalidParameterException").PutLogEvents(**stream, logEvents=events[::-1])
    logs.fails("InvalidParameterException").FilterLogEvents(**group, filterPattern="{ $.n = ")
    logs.fails("InvalidParameterException").FilterLogEvents(**group, nextToken="nonsense")
    logs.fails("InvalidParameterException").GetLogEvents(**stream, nextToken="nonsense")


def scenario_live_tail(aws):
    logs = aws.logs
    group = {"logGroupName": "/tail"}
    logs.CreateLogGroup(**group)
    logs.CreateLogStream(**group, logStreamName="s")
    arn = logs.DescribeLogGroups(logGroupNamePrefix="/tail")["logGroups"][0]["logGroupArn"]
    logs.fails("ResourceNotFoundException").StartLiveTail(
        logGroupIdentifiers=[arn.replace("/tail", "/none")]
    )
    if not aws.has("logs", "StartLiveTail"):
        return
    session = logs.StartLiveTail(logGroupIdentifiers=[arn])["responseStream"]
    stream = iter(session)
    started = next(stream)["sessionStart"]
    assert started["logGroupIdentifiers"] == [arn], started
    logs.PutLogEvents(
        **group, logStreamName="s", logEvents=[{"timestamp": now(), "message": "seen"}]
    )
    for event in stream:
        results = event["sessionUpdate"]["sessionResults"]
        if results:
            assert results[0]["message"] == "seen", results
            break
    session.close()
