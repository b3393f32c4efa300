import json
import uuid


def queue(aws, name, **attributes):
    name = f"{name}-{uuid.uuid4().hex[:8]}"
    return aws.sqs.CreateQueue(QueueName=name, Attributes=attributes)["QueueUrl"]


def receive(aws, url, **more):
    return aws.sqs.ReceiveMessage(QueueUrl=url, MaxNumberOfMessages=10, **more).get("Messages", [])


def scenario_queues(aws):
    sqs = aws.sqs
    url = queue(aws, "plain", VisibilityTimeout="5")
    name = url.rsplit("/", 1)[1]
    assert sqs.GetQueueUrl(QueueName=name)["QueueUrl"] == url
    assert url in sqs.ListQueues(QueueNamePrefix="plain-")["QueueUrls"]
    sqs.SetQueueAttributes(QueueUrl=url, Attributes={"DelaySeconds": "1"})
    got = sqs.GetQueueAttributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert got["DelaySeconds"] == "1" and got["VisibilityTimeout"] == "5"
    assert got["QueueArn"].endswith(":" + name)
    sqs.TagQueue(QueueUrl=url, Tags={"a": "1", "b": "2"})
    sqs.UntagQueue(QueueUrl=url, TagKeys=["a"])
    assert sqs.ListQueueTags(QueueUrl=url)["Tags"] == {"b": "2"}
    sqs.PurgeQueue(QueueUrl=url)
    sqs.DeleteQueue(QueueUrl=url)
    none = "http://localhost/000000000000/none"
    gone = "AWS.SimpleQueueService.NonExistentQueue"
    sqs.fails(gone).GetQueueUrl(QueueName="none")
    sqs.fails(gone).DeleteQueue(QueueUrl=url)
    sqs.fails(gone).PurgeQueue(QueueUrl=none)
    sqs.fails(gone).TagQueue(QueueUrl=none, Tags={"a": "1"})
    sqs.fails(gone).UntagQueue(QueueUrl=none, TagKeys=["a"])
    sqs.fails(gone).ListQueueTags(QueueUrl=none)
    sqs.fails(gone).SetQueueAttributes(QueueUrl=none, Attributes={})
    sqs.fails(gone).GetQueueAttributes(QueueUrl=none)
    sqs.fails("InvalidAttributeName").CreateQueue(QueueName="x", Attributes={"Colour": "blue"})
    sqs.fails("InvalidParameterValue").ListQueues(NextToken="nonsense", MaxResults=1)


def scenario_messages(aws):
    sqs = aws.sqs
    url = queue(aws, "messages")
    kind = {"kind": {"DataType": "String", "StringValue": "order"}}
    sent = sqs.SendMessage(QueueUrl=url, MessageBody="one", MessageAttributes=kind)
    [one] = receive(aws, url, MessageAttributeNames=["All"], AttributeNames=["All"])
    assert one["MessageId"] == sent["MessageId"] and one["MessageAttributes"] == kind
    assert one["Attributes"]["ApproximateReceiveCount"] == "1"
    handle = {"QueueUrl": url, "ReceiptHandle": one["ReceiptHandle"]}
    sqs.ChangeMessageVisibility(**handle, VisibilityTimeout=0)
    [again] = receive(aws, url)
    sqs.DeleteMessage(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    assert receive(aws, url) == []
    entries = [{"Id": f"e{n}", "MessageBody": f"m{n}"} for n in range(3)]
    done = sqs.SendMessageBatch(QueueUrl=url, Entries=entries)
    assert [entry["Id"] for entry in done["Successful"]] == ["e0", "e1", "e2"]
    got = receive(aws, url)
    assert [message["Body"] for message in got] == ["m0", "m1", "m2"]
    ids = [{"Id": f"e{n}", "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(got)]
    hidden = [{**entry, "VisibilityTimeout": 60} for entry in ids]
    assert len(sqs.ChangeMessageVisibilityBatch(QueueUrl=url, Entries=hidden)["Successful"]) == 3
    assert len(sqs.DeleteMessageBatch(QueueUrl=url, Entries=ids)["Successful"]) == 3
    sqs.fails("ReceiptHandleIsInvalid").DeleteMessage(QueueUrl=url, ReceiptHandle="x")
    sqs.fails("ReceiptHandleIsInvalid").ChangeMessageVisibility(
        QueueUrl=url, ReceiptHandle="x", VisibilityTimeout=1
    )
    empty = "AWS.SimpleQueueService.EmptyBatchRequest"
    sqs.fails(empty).SendMessageBatch(QueueUrl=url, Entries=[])
    sqs.fails(empty).DeleteMessageBatch(QueueUrl=url, Entries=[])
    sqs.fails(empty).ChangeMessageVisibilityBatch(QueueUrl=url, Entries=[])
    sqs.fails("InvalidMessageContents").SendMessage(QueueUrl=url, MessageBody="\u0001")
    none = url + "-none"
    sqs.fails("AWS.SimpleQueueService.NonExistentQueue").ReceiveMessage(QueueUrl=none)


def scenario_dead_letters(aws):
    sqs = aws.sqs
    dead = queue(aws, "dead")
    arn = sqs.GetQueueAttributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    url = queue(aws, "source", RedrivePolicy=policy, VisibilityTimeout="0")
    assert sqs.ListDeadLetterSourceQueues(QueueUrl=dead)["queueUrls"] == [url]
    sqs.fails("AWS.SimpleQueueService.NonExistentQueue").ListDeadLetterSourceQueues(
        QueueUrl=dead + "-none"
    )
    sqs.SendMessage(QueueUrl=url, MessageBody="poison")
    assert len(receive(aws, url)) == 1
    assert receive(aws, url) == []
    [moved] = receive(aws, dead)
    assert moved["Body"] == "poison"
