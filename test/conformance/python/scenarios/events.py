import json

FUNCTION = {"Id": "f", "Arn": "arn:aws:lambda:us-east-1:000000000000:function:f"}
PATTERN = json.dumps({"source": ["shop"], "detail": {"total": [{"numeric": [">", 10]}]}})


def scenario_rules(aws):
    events = aws.events
    made = events.PutRule(Name="orders", EventPattern=PATTERN, Description="d")
    got = events.DescribeRule(Name="orders")
    assert got["Arn"] == made["RuleArn"] and got["State"] == "ENABLED" and got["EventPattern"] == PATTERN
    events.DisableRule(Name="orders")
    assert events.DescribeRule(Name="orders")["State"] == "DISABLED"
    events.EnableRule(Name="orders")
    events.PutTargets(Rule="orders", Targets=[FUNCTION, {**FUNCTION, "Id": "g", "InputPath": "$.detail"}])
    assert len(events.ListTargetsByRule(Rule="orders")["Targets"]) == 2
    events.RemoveTargets(Rule="orders", Ids=["g"])
    assert [t["Id"] for t in events.ListTargetsByRule(Rule="orders")["Targets"]] == ["f"]
    for n in range(3):
        events.PutRule(Name=f"timed-{n}", ScheduleExpression="rate(1 day)")
    assert len(events.ListRules(NamePrefix="timed", Limit=2)["Rules"]) == 2
    assert len(events.pages("ListRules", "Rules", 2, NamePrefix="timed")) == 3
    events.RemoveTargets(Rule="orders", Ids=["f"])
    events.DeleteRule(Name="orders")
    events.fails("ResourceNotFoundException", 400).DescribeRule(Name="orders")


def scenario_buses(aws):
    events = aws.events
    arn = events.CreateEventBus(Name="shop")["EventBusArn"]
    assert events.DescribeEventBus(Name="shop")["Arn"] == arn
    assert len(events.ListEventBuses()["EventBuses"]) == 2
    rule = events.PutRule(Name="own", EventBusName="shop", EventPattern=PATTERN)["RuleArn"]
    assert rule.endswith(":rule/shop/own")
    events.fails("ValidationException").DeleteEventBus(Name="shop")
    events.DeleteRule(Name="own", EventBusName="shop")
    events.fails("ResourceAlreadyExistsException").CreateEventBus(Name="shop")
    events.DeleteEventBus(Name="shop")
    events.fails("ResourceNotFoundException").DescribeEventBus(Name="shop")
    events.fails("ValidationException").ListEventBuses(NextToken="nonsense")


def scenario_events(aws):
    events = aws.events
    entry = {"Source": "shop", "DetailType": "Order", "Detail": json.dumps({"total": 12})}
    sent = events.PutEvents(
        Entries=[
            entry,
            {**entry, "Detail": "nonsense"},
            {**entry, "Source": "aws.ec2"},
            {"Source": "shop"},
        ]
    )
    assert sent["FailedEntryCount"] == 3 and "EventId" in sent["Entries"][0]
    codes = [answer.get("ErrorCode") for answer in sent["Entries"][1:]]
    assert codes == ["MalformedDetail", "NotAuthorizedForSourceException", "InvalidArgument"]
    event = {
        "id": "1",
        "account": "000000000000",
        "source": "shop",
        "time": "2026-11-25T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail-type": "Order",
        "detail": {"total": 12},
    }
    assert events.TestEventPattern(EventPattern=PATTERN, Event=json.dumps(event))["Result"] is True
    event["detail"]["total"] = 9
    assert events.TestEventPattern(EventPattern=PATTERN, Event=json.dumps(event))["Result"] is False


def scenario_failures(aws):
    events = aws.events
    entry = {"Source": "shop", "DetailType": "Order", "Detail": "{}"}
    events.fails("ValidationException").PutEvents(Entries=[entry] * 11)
    events.fails("ValidationException").PutRule(Name="nothing")
    for pattern in ("nonsense", "{}", '{"source": "shop"}', '{"a": [{"nonsense": 1}]}', '{"a": []}'):
        events.fails("InvalidEventPatternException", 400).PutRule(Name="p", EventPattern=pattern)
    events.fails("InvalidEventPatternException").TestEventPattern(EventPattern="[]", Event="{}")
    events.fails("ValidationException").TestEventPattern(EventPattern=PATTERN, Event="{}")
    events.fails("ResourceNotFoundException").PutTargets(Rule="none", Targets=[FUNCTION])
    events.fails("ResourceNotFoundException").RemoveTargets(Rule="none", Ids=["f"])
    events.fails("ResourceNotFoundException").ListTargetsByRule(Rule="none")
    events.fails("ResourceNotFoundException").EnableRule(Name="none")
    events.fails("ResourceNotFoundException").DisableRule(Name="none")
    events.fails("ResourceNotFoundException").ListRules(EventBusName="none")
    events.PutRule(Name="busy", EventPattern=PATTERN)
    events.PutTargets(Rule="busy", Targets=[FUNCTION])
    events.fails("ValidationException").DeleteRule(Name="busy")
    many = [{**FUNCTION, "Id": str(n)} for n in range(5)]
    events.fails("LimitExceededException").PutTargets(Rule="busy", Targets=many)
