import json

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"
QUEUE = "arn:aws:sqs:us-east-1:000000000000:none"


def scenario_topics(aws):
    sns = aws.sns
    arn = sns.CreateTopic(Name="orders", Tags=[{"Key": "a", "Value": "1"}])["TopicArn"]
    assert sns.CreateTopic(Name="orders")["TopicArn"] == arn
    sns.SetTopicAttributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="Orders")
    assert sns.GetTopicAttributes(TopicArn=arn)["Attributes"]["DisplayName"] == "Orders"
    sns.TagResource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    sns.UntagResource(ResourceArn=arn, TagKeys=["a"])
    assert sns.ListTagsForResource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    for n in range(101):
        if aws.name == "boto3":
            sns.CreateTopic(Name=f"many-{n}")
    assert {"TopicArn": arn} in sns.pages("ListTopics", "Topics", None)
    sns.DeleteTopic(TopicArn=arn)
    sns.fails("NotFound", 404).GetTopicAttributes(TopicArn=arn)


def scenario_subscriptions(aws):
    sns = aws.sns
    topic = sns.CreateTopic(Name="events")["TopicArn"]
    own = {"TopicArn": topic, "Protocol": "lambda", "Endpoint": FUNCTION}
    arn = sns.Subscribe(**own)["SubscriptionArn"]
    assert sns.Subscribe(**own)["SubscriptionArn"] == arn
    policy = json.dumps({"kind": ["order"]})
    for name, value in (("FilterPolicy", policy), ("FilterPolicyScope", "MessageBody")):
        sns.SetSubscriptionAttributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=value)
    attributes = sns.GetSubscriptionAttributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["FilterPolicy"] == policy and attributes["PendingConfirmation"] == "false"
    sns.Subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
    assert len(sns.pages("ListSubscriptionsByTopic", "Subscriptions", None, TopicArn=topic)) == 2
    assert len(sns.pages("ListSubscriptions", "Subscriptions", None)) == 2
    sns.Unsubscribe(SubscriptionArn=arn)
    sns.fails("NotFound", 404).GetSubscriptionAttributes(SubscriptionArn=arn)
    sns.DeleteTopic(TopicArn=topic)
    assert sns.pages("ListSubscriptions", "Subscriptions", None) == []


def scenario_messages(aws):
    sns = aws.sns
    topic = sns.CreateTopic(Name="messages")["TopicArn"]
    kind = {"kind": {"DataType": "String", "StringValue": "order"}}
    assert sns.Publish(TopicArn=topic, Message="m", Subject="s", MessageAttributes=kind)["MessageId"]
    sns.Publish(TargetArn=topic, Message=json.dumps({"default": "d"}), MessageStructure="json")
    entries = [{"Id": str(n), "Message": f"m{n}"} for n in range(3)]
    sent = sns.PublishBatch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [each["Id"] for each in sent["Successful"]] == ["0", "1", "2"]


def scenario_failures(aws):
    sns = aws.sns
    none = "arn:aws:sns:us-east-1:000000000000:none"
    topic = sns.CreateTopic(Name="failing")["TopicArn"]
    sns.fails("InvalidParameter", 400).CreateTopic(Name="a b")
    sns.fails("InvalidParameter").DeleteTopic(TopicArn="nonsense")
    sns.fails("InvalidParameter").ListTopics(NextToken="nonsense")
    sns.fails("InvalidParameter").ListSubscriptions(NextToken="nonsense")
    sns.fails("NotFound").ListSubscriptionsByTopic(TopicArn=none)
    sns.fails("InvalidParameter").SetTopicAttributes(
        TopicArn=topic, AttributeName="Nonsense", AttributeValue="x"
    )
    sns.fails("NotFound").Subscribe(TopicArn=none, Protocol="lambda", Endpoint=FUNCTION)
    sns.fails("InvalidParameter").Subscribe(TopicArn=topic, Protocol="email", Endpoint="a@b.c")
    sns.fails("InvalidParameter").Subscribe(TopicArn=topic, Protocol="lambda", Endpoint="f")
    arn = sns.Subscribe(TopicArn=topic, Protocol="lambda", Endpoint=FUNCTION)["SubscriptionArn"]
    sns.fails("InvalidParameter").SetSubscriptionAttributes(
        SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue='{"a": "b"}'
    )
    sns.fails("NotFound").Unsubscribe(SubscriptionArn=f"{none}:0123")
    sns.fails("NotFound").Publish(TopicArn=none, Message="m")
    sns.fails("InvalidParameter").Publish(TopicArn=topic, Message="m" * 262145)
    sns.fails("InvalidParameter").Publish(TopicArn=topic, Message="{}", MessageStructure="json")
    twice = [{"Id": "a", "Message": "m"}] * 2
    sns.fails("BatchEntryIdsNotDistinct").PublishBatch(
        TopicArn=topic, PublishBatchRequestEntries=twice
    )
    sns.fails("ResourceNotFound", 404).TagResource(
        ResourceArn=none, Tags=[{"Key": "b", "Value": "2"}]
    )
    sns.fails("ResourceNotFound").UntagResource(ResourceArn=none, TagKeys=["b"])
    sns.fails("ResourceNotFound").ListTagsForResource(ResourceArn=none)
