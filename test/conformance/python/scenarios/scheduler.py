TARGET = {
    "Arn": "arn:aws:lambda:us-east-1:000000000000:function:f",
    "RoleArn": "arn:aws:iam::000000000000:role/scheduler",
}
OFF = {"Mode": "OFF"}


def _create(aws, name, **more):
    settings = {"ScheduleExpression": "cron(0 8 ? * MON-FRI *)", "FlexibleTimeWindow": OFF}
    return aws.scheduler.CreateSchedule(**{"Name": name, "Target": TARGET, **settings, **more})


def scenario_schedules(aws):
    scheduler = aws.scheduler
    made = _create(aws, "daily", Description="d", ScheduleExpressionTimezone="Europe/Berlin")
    got = scheduler.GetSchedule(Name="daily")
    assert got["Arn"] == made["ScheduleArn"] and got["State"] == "ENABLED"
    assert got["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 185
    scheduler.UpdateSchedule(
        Name="daily",
        Target={**TARGET, "RetryPolicy": {"MaximumRetryAttempts": 1}},
        ScheduleExpression="rate(5 minutes)",
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        State="DISABLED",
    )
    got = scheduler.GetSchedule(Name="daily")
    assert got["State"] == "DISABLED" and "Description" not in got
    for n in range(3):
        _create(aws, f"once-{n}", ScheduleExpression="at(2099-01-31T08:00:00)")
    assert len(scheduler.pages("ListSchedules", "Schedules", 2)) == 4
    assert len(scheduler.pages("ListSchedules", "Schedules", 2, NamePrefix="once")) == 3
    assert len(scheduler.ListSchedules(State="DISABLED")["Schedules"]) == 1
    scheduler.DeleteSchedule(Name="daily")
    scheduler.fails("ResourceNotFoundException", 404).GetSchedule(Name="daily")


def scenario_groups(aws):
    scheduler = aws.scheduler
    scheduler.CreateScheduleGroup(Name="shop")
    _create(aws, "daily", GroupName="shop")
    assert scheduler.GetSchedule(Name="daily", GroupName="shop")["GroupName"] == "shop"
    assert len(scheduler.ListSchedules(GroupName="shop")["Schedules"]) == 1
    assert scheduler.GetScheduleGroup(Name="shop")["State"] == "ACTIVE"
    assert len(scheduler.pages("ListScheduleGroups", "ScheduleGroups", 1)) == 2
    scheduler.fails("ConflictException", 409).CreateScheduleGroup(Name="shop")
    scheduler.DeleteScheduleGroup(Name="shop")
    scheduler.fails("ResourceNotFoundException", 404).GetSchedule(Name="daily", GroupName="shop")
    scheduler.fails("ResourceNotFoundException", 404).GetScheduleGroup(Name="shop")
    scheduler.fails("ResourceNotFoundException", 404).DeleteScheduleGroup(Name="shop")
    scheduler.fails("ValidationException").ListScheduleGroups(NextToken="nonsense")


def scenario_failures(aws):
    scheduler = aws.scheduler
    _create(aws, "taken")
    settings = {"Name": "taken", "Target": TARGET, "FlexibleTimeWindow": OFF}
    daily = {**settings, "ScheduleExpression": "rate(1 day)"}
    scheduler.fails("ConflictException", 409).CreateSchedule(**daily)
    for expression in ("rate(0 days)", "cron(0 8 * * *)", "cron(61 8 ? * * *)", "at(2099-02-31)", "daily"):
        scheduler.fails("ValidationException", 400).UpdateSchedule(
            **settings, ScheduleExpression=expression
        )
    scheduler.fails("ValidationException").CreateSchedule(
        **{**daily, "Name": "mars"}, ScheduleExpressionTimezone="Mars/Base"
    )
    scheduler.fails("ValidationException").CreateSchedule(
        **{**daily, "Name": "window", "FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}
    )
    scheduler.fails("ResourceNotFoundException").CreateSchedule(
        **{**daily, "Name": "grouped"}, GroupName="none"
    )
    scheduler.fails("ResourceNotFoundException", 404).DeleteSchedule(Name="none")
    scheduler.fails("ResourceNotFoundException", 404).UpdateSchedule(**{**daily, "Name": "none"})
    scheduler.fails("ValidationException").ListSchedules(NextToken="nonsense")
    scheduler.fails("ValidationException").DeleteScheduleGroup(Name="default")
