"""Named so because `lambda` is a word of Python."""

import functools
import io
import json
import time
import zipfile

HANDLER = """
export const handler = async (event) => {
  if (event.fail) throw new TypeError("as asked");
  return { echo: event };
};
"""
STREAMING = """
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.write("one ");
  stream.write("two");
  stream.end();
});
"""
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def zipped(source):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.mjs", source)
    return out.getvalue()


def until(answer, done, seconds=30):
    end = time.monotonic() + seconds
    while True:
        got = answer()
        if done(got):
            return got
        if time.monotonic() > end:
            raise AssertionError(f"still {got}")
        time.sleep(0.05)


class Account:
    """What functions need: a role, a network and a capacity provider."""

    def __init__(self, aws):
        self.role = aws.iam.CreateRole(RoleName="functions", AssumeRolePolicyDocument=TRUST)[
            "Role"
        ]["Arn"]
        vpc = aws.ec2.CreateVpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
        subnet = aws.ec2.CreateSubnet(VpcId=vpc, CidrBlock="10.99.0.0/24")["Subnet"]["SubnetId"]
        group = aws.ec2.CreateSecurityGroup(GroupName="f", Description="d", VpcId=vpc)["GroupId"]
        self.vpc_config = {"SubnetIds": [subnet], "SecurityGroupIds": [group]}
        self.provider = self.create_provider(aws, "pool")["CapacityProviderArn"]

    def create_provider(self, aws, name, **more):
        made = aws.lambda_.CreateCapacityProvider(
            CapacityProviderName=name,
            VpcConfig=self.vpc_config,
            PermissionsConfig={"CapacityProviderOperatorRoleArn": self.role},
            **more,
        )["CapacityProvider"]
        get = functools.partial(aws.lambda_.GetCapacityProvider, CapacityProviderName=name)
        until(get, lambda got: got["CapacityProvider"]["State"] == "Active")
        return made

    def config(self):
        return {
            "CapacityProviderConfig": {
                "LambdaManagedInstancesCapacityProviderConfig": {
                    "CapacityProviderArn": self.provider
                }
            }
        }

    def create_function(self, aws, name, source=HANDLER, **more):
        return aws.lambda_.CreateFunction(
            **{
                "FunctionName": name,
                "Role": self.role,
                "Runtime": "nodejs24.x",
                "Handler": "index.handler",
                "MemorySize": 2048,
                "Code": {"ZipFile": zipped(source)},
                **self.config(),
                **more,
            }
        )


ACCOUNTS = {}


def account(aws):
    if id(aws) not in ACCOUNTS:
        ACCOUNTS[id(aws)] = Account(aws)
    return ACCOUNTS[id(aws)]


def active(aws, name, qualifier="$LATEST.PUBLISHED"):
    get = functools.partial(
        aws.lambda_.GetFunctionConfiguration, FunctionName=name, Qualifier=qualifier
    )
    until(
        get,
        lambda got: got["State"] not in ("Pending", "Deactivating")
        and got.get("LastUpdateStatus") != "InProgress",
    )


def scenario_capacity_providers(aws):
    lam = aws.lambda_
    mine = account(aws)
    tags = {"a": "1"}
    for n in range(3):
        mine.create_provider(aws, f"p{n}", Tags=tags)
    found = lam.pages("ListCapacityProviders", "CapacityProviders", 2)
    names = [p["CapacityProviderArn"].rsplit(":", 1)[-1] for p in found]
    assert sorted(names) == ["p0", "p1", "p2", "pool"], names
    updated = lam.UpdateCapacityProvider(
        CapacityProviderName="p0", CapacityProviderScalingConfig={"MaxVCpuCount": 20}
    )["CapacityProvider"]
    assert updated["CapacityProviderScalingConfig"]["MaxVCpuCount"] == 20
    arn = updated["CapacityProviderArn"]
    lam.TagResource(Resource=arn, Tags={"b": "2"})
    lam.UntagResource(Resource=arn, TagKeys=["a"])
    assert lam.ListTags(Resource=arn)["Tags"] == {"b": "2"}
    lam.DeleteCapacityProvider(CapacityProviderName="p0")
    until(
        lambda: [
            p["CapacityProviderArn"]
            for p in lam.ListCapacityProviders()["CapacityProviders"]
        ],
        lambda arns: arn not in arns,
    )
    missing = lam.fails("ResourceNotFoundException")
    missing.GetCapacityProvider(CapacityProviderName="none")
    missing.DeleteCapacityProvider(CapacityProviderName="none")
    missing.UpdateCapacityProvider(
        CapacityProviderName="none", CapacityProviderScalingConfig={"MaxVCpuCount": 20}
    )
    missing.ListFunctionVersionsByCapacityProvider(CapacityProviderName="none")
    missing.ListTags(Resource=arn)
    missing.TagResource(Resource=arn, Tags=tags)
    missing.UntagResource(Resource=arn, TagKeys=["a"])
    lam.fails("ResourceConflictException").CreateCapacityProvider(
        CapacityProviderName="p1",
        VpcConfig=mine.vpc_config,
        PermissionsConfig={"CapacityProviderOperatorRoleArn": mine.role},
    )
    lam.fails("InvalidParameterValueException").ListCapacityProviders(Marker="nonsense")


def scenario_functions(aws):
    lam = aws.lambda_
    mine = account(aws)
    for n in range(3):
        mine.create_function(aws, f"f{n}", PublishTo="LATEST_PUBLISHED", Tags={"a": "1"})
    for n in range(3):
        active(aws, f"f{n}")
    lam.wait("function_exists", FunctionName="f0")
    lam.wait("function_updated_v2", FunctionName="f0")
    listed = lam.pages("ListFunctions", "Functions", 2)
    assert sorted(f["FunctionName"] for f in listed) == ["f0", "f1", "f2"]
    got = lam.GetFunction(FunctionName="f0")
    assert got["Tags"] == {"a": "1"} and got["Configuration"]["State"] == "ActiveNonInvocable"
    before = got["Configuration"]["CodeSha256"]
    lam.UpdateFunctionConfiguration(
        FunctionName="f0", Timeout=9, Environment={"Variables": {"NAME": "value"}}
    )
    lam.wait("function_updated_v2", FunctionName="f0")
    lam.UpdateFunctionCode(FunctionName="f0", ZipFile=zipped(HANDLER + "// other"))
    lam.wait("function_updated_v2", FunctionName="f0")
    after = lam.GetFunctionConfiguration(FunctionName="f0")
    assert after["Timeout"] == 9 and after["CodeSha256"] != before
    by_provider = lam.pages(
        "ListFunctionVersionsByCapacityProvider",
        "FunctionVersions",
        2,
        CapacityProviderName=mine.provider,
    )
    published = [v["FunctionArn"] for v in by_provider if v["FunctionArn"].endswith(".PUBLISHED")]
    assert len(published) == 3, by_provider
    lam.fails("ResourceConflictException").DeleteCapacityProvider(CapacityProviderName="pool")
    lam.DeleteFunction(FunctionName="f2")
    until(
        lambda: [f["FunctionName"] for f in lam.ListFunctions()["Functions"]],
        lambda names: "f2" not in names,
    )
    missing = lam.fails("ResourceNotFoundException")
    none = {"FunctionName": "none"}
    missing.GetFunction(**none)
    missing.GetFunctionConfiguration(**none)
    missing.DeleteFunction(**none)
    missing.UpdateFunctionConfiguration(**none, Timeout=3)
    missing.UpdateFunctionCode(**none, ZipFile=zipped(HANDLER))
    missing.ListVersionsByFunction(**none)
    missing.PublishVersion(**none)
    missing.Invoke(**none)
    lam.fails("InvalidParameterValueException").ListFunctions(Marker="nonsense")
    lam.fails("MissingAuthenticationTokenException", 403, signed=False).GetAccountSettings()
    assert lam.GetAccountSettings()["AccountUsage"]["FunctionCount"] == 2


def scenario_create_failures(aws):
    mine = account(aws)
    mine.create_function(aws, "there")
    failing = aws.lambda_.fails
    base = {
        "Role": mine.role,
        "Runtime": "nodejs24.x",
        "Handler": "index.handler",
        "Code": {"ZipFile": zipped(HANDLER)},
        **mine.config(),
    }
    failing("ResourceConflictException").CreateFunction(FunctionName="there", **base)
    bad = failing("InvalidParameterValueException")
    if aws.name == "boto3":  # The AWS CLI refuses it by itself.
        bad.CreateFunction(**{"FunctionName": "bad", **base, "Code": {"ZipFile": b"no zip"}})
    bad.CreateFunction(FunctionName="bad", **base, MemorySize=5000)
    bad.CreateFunction(**{"FunctionName": "bad", **base, "Role": mine.role + "-not"})
    failing("PreconditionFailedException").UpdateFunctionConfiguration(
        FunctionName="there", RevisionId="not it"
    )


def scenario_versions(aws):
    lam = aws.lambda_
    account(aws).create_function(aws, "versions")
    one = {"FunctionName": "versions"}
    lam.wait("function_updated_v2", **one)
    first = lam.PublishVersion(**one, Description="first")
    assert first["Version"] == "1"
    active(aws, "versions", "1")
    lam.UpdateFunctionCode(**one, ZipFile=zipped(HANDLER + "// two"))
    lam.wait("function_updated_v2", **one)
    lam.PublishVersion(**one, PublishTo="LATEST_PUBLISHED")
    active(aws, "versions")
    listed = lam.pages("ListVersionsByFunction", "Versions", 2, **one)
    assert {v["Version"] for v in listed} == {"$LATEST", "$LATEST.PUBLISHED", "1"}, listed
    names = [f"a{n}" for n in range(3)]
    for name in names:
        lam.CreateAlias(**one, Name=name, FunctionVersion="1")
    aliases = lam.pages("ListAliases", "Aliases", 2, **one)
    assert [alias["Name"] for alias in aliases] == names
    lam.UpdateAlias(**one, Name="a0", Description="other")
    assert lam.GetAlias(**one, Name="a0")["Description"] == "other"
    scaling = {**one, "Qualifier": "1"}
    lam.PutFunctionScalingConfig(
        **scaling,
        FunctionScalingConfig={"MinExecutionEnvironments": 1, "MaxExecutionEnvironments": 4},
    )
    applied = until(
        lambda: lam.GetFunctionScalingConfig(**scaling),
        lambda got: got.get("AppliedFunctionScalingConfig")
        == got["RequestedFunctionScalingConfig"],
    )
    assert applied["AppliedFunctionScalingConfig"]["MaxExecutionEnvironments"] == 4
    lam.DeleteAlias(**one, Name="a0")
    missing = lam.fails("ResourceNotFoundException")
    missing.GetAlias(**one, Name="a0")
    missing.UpdateAlias(**one, Name="a0")
    missing.CreateAlias(**one, Name="b", FunctionVersion="9")
    missing.DeleteAlias(FunctionName="none", Name="a")
    missing.ListAliases(FunctionName="none")
    none = {"FunctionName": "none", "Qualifier": "1"}
    missing.GetFunctionScalingConfig(**none)
    missing.PutFunctionScalingConfig(**none)
    lam.fails("ResourceConflictException").CreateAlias(**one, Name="a1", FunctionVersion="1")


def scenario_invoke(aws):
    lam = aws.lambda_
    account(aws).create_function(aws, "invoked", PublishTo="LATEST_PUBLISHED")
    active(aws, "invoked")
    one = {"FunctionName": "invoked"}
    answer = lam.Invoke(**one, Payload=b'{"a": "\xc3\xa9"}')
    assert answer["StatusCode"] == 200
    assert json.loads(lam.body_of(answer)) == {"echo": {"a": "é"}}
    failed = lam.Invoke(**one, Payload=b'{"fail": true}')
    assert failed["FunctionError"] == "Unhandled"
    assert json.loads(lam.body_of(failed))["errorType"] == "TypeError"
    event = lam.Invoke(**one, InvocationType="Event", Payload=b"{}")
    dry = lam.Invoke(**one, InvocationType="DryRun")
    assert (event["StatusCode"], dry["StatusCode"]) == (202, 204)
    lam.fails("InvalidParameterValueException").Invoke(**one, Qualifier="$LATEST")
    lam.fails("InvalidRequestContentException").Invoke(**one, Payload=b"{")
    lam.fails("InvalidParameterValueException").Invoke(**one, LogType="Tail")
    instances = aws.ec2.pages("DescribeInstances", "Reservations", 5)
    ids = [i["InstanceId"] for r in instances for i in r["Instances"]]
    assert ids
    for operation in ("TerminateInstances", "StopInstances", "RebootInstances"):
        getattr(aws.ec2.fails("OperationNotPermitted"), operation)(InstanceIds=ids[:1])
    if not aws.has("lambda", "InvokeWithResponseStream"):
        return
    account(aws).create_function(aws, "streaming", STREAMING, PublishTo="LATEST_PUBLISHED")
    active(aws, "streaming")
    stream = lam.InvokeWithResponseStream(FunctionName="streaming")["EventStream"]
    events = list(stream)
    chunks = b"".join(e["PayloadChunk"]["Payload"] for e in events if "PayloadChunk" in e)
    assert chunks == b"one two" and "InvokeComplete" in events[-1], events
    lam.fails("ResourceNotFoundException").InvokeWithResponseStream(FunctionName="none")


def scenario_layers(aws):
    lam = aws.lambda_
    content = {"ZipFile": zipped("export const a = 1;")}
    for n in range(3):
        lam.PublishLayerVersion(
            LayerName="versions",
            Content=content,
            Description=f"d{n}",
            CompatibleRuntimes=["nodejs24.x"],
        )
        arn = lam.PublishLayerVersion(LayerName=f"l{n}", Content=content)["LayerVersionArn"]
    layers = lam.pages("ListLayers", "Layers", 2)
    assert {layer["LayerName"] for layer in layers} == {"versions", "l0", "l1", "l2"}
    versions = lam.pages("ListLayerVersions", "LayerVersions", 2, LayerName="versions")
    assert [v["Version"] for v in versions] == [3, 2, 1]
    assert lam.GetLayerVersion(LayerName="versions", VersionNumber=2)["Description"] == "d1"
    assert lam.GetLayerVersionByArn(Arn=arn)["LayerVersionArn"] == arn
    lam.DeleteLayerVersion(LayerName="versions", VersionNumber=2)
    missing = lam.fails("ResourceNotFoundException")
    missing.GetLayerVersion(LayerName="versions", VersionNumber=2)
    missing.GetLayerVersionByArn(Arn=arn[:-1] + "9")
    bad = lam.fails("InvalidParameterValueException")
    gone = {"S3Bucket": "none", "S3Key": "none"}
    bad.PublishLayerVersion(LayerName="bad", Content=gone)
    bad.ListLayers(Marker="nonsense")
    bad.ListLayerVersions(LayerName="versions", Marker="nonsense")
    lam.fails("ValidationException").DeleteLayerVersion(LayerName="no name", VersionNumber=1)


def scenario_settings(aws):
    lam = aws.lambda_
    account(aws).create_function(aws, "settings")
    one, none = {"FunctionName": "settings"}, {"FunctionName": "none"}
    missing = lam.fails("ResourceNotFoundException")
    lam.AddPermission(
        **one, StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    assert json.loads(lam.GetPolicy(**one)["Policy"])["Statement"][0]["Sid"] == "s"
    lam.fails("ResourceConflictException").AddPermission(
        **one, StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    lam.RemovePermission(**one, StatementId="s")
    missing.RemovePermission(**one, StatementId="s")
    missing.GetPolicy(**one)
    lam.PutFunctionEventInvokeConfig(**one, MaximumRetryAttempts=1)
    lam.UpdateFunctionEventInvokeConfig(**one, MaximumEventAgeInSeconds=100)
    got = lam.GetFunctionEventInvokeConfig(**one)
    assert (got["MaximumRetryAttempts"], got["MaximumEventAgeInSeconds"]) == (1, 100)
    lam.DeleteFunctionEventInvokeConfig(**one)
    missing.GetFunctionEventInvokeConfig(**one)
    missing.UpdateFunctionEventInvokeConfig(**one, MaximumRetryAttempts=1)
    missing.DeleteFunctionEventInvokeConfig(**one)
    missing.PutFunctionEventInvokeConfig(**none, MaximumRetryAttempts=1)
    lam.CreateFunctionUrlConfig(**one, AuthType="NONE")
    lam.fails("ResourceConflictException").CreateFunctionUrlConfig(**one, AuthType="NONE")
    lam.UpdateFunctionUrlConfig(**one, InvokeMode="RESPONSE_STREAM")
    assert lam.GetFunctionUrlConfig(**one)["InvokeMode"] == "RESPONSE_STREAM"
    assert len(lam.pages("ListFunctionUrlConfigs", "FunctionUrlConfigs", 2, **one)) == 1
    lam.DeleteFunctionUrlConfig(**one)
    missing.GetFunctionUrlConfig(**one)
    missing.UpdateFunctionUrlConfig(**one, AuthType="NONE")
    missing.DeleteFunctionUrlConfig(**one)
    missing.ListFunctionUrlConfigs(**none)


def scenario_event_sources(aws):
    lam, sqs = aws.lambda_, aws.sqs
    account(aws).create_function(aws, "mapped")
    for name in ("mapped", "mapped-too"):
        sqs.CreateQueue(QueueName=name)
    queue = sqs.GetQueueUrl(QueueName="mapped")["QueueUrl"]
    arn = sqs.GetQueueAttributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    filters = {"Filters": [{"Pattern": json.dumps({"body": {"a": [1]}})}]}
    one = {"FunctionName": "mapped", "EventSourceArn": arn}
    made = lam.CreateEventSourceMapping(**one, FilterCriteria=filters, Enabled=False)
    assert made["State"] == "Creating" and made["BatchSize"] == 10
    uuid = {"UUID": made["UUID"]}
    get = functools.partial(lam.GetEventSourceMapping, **uuid)
    until(get, lambda got: got["State"] == "Disabled")
    lam.UpdateEventSourceMapping(**uuid, BatchSize=5, ScalingConfig={"MaximumConcurrency": 2})
    got = until(get, lambda got: got["State"] == "Disabled")
    assert got["BatchSize"] == 5 and got["ScalingConfig"] == {"MaximumConcurrency": 2}
    lam.CreateEventSourceMapping(FunctionName="mapped", EventSourceArn=arn + "-too", Enabled=False)
    found = lam.pages("ListEventSourceMappings", "EventSourceMappings", 1, FunctionName="mapped")
    assert len(found) == 2
    lam.TagResource(Resource=made["EventSourceMappingArn"], Tags={"a": "1"})
    assert lam.ListTags(Resource=made["EventSourceMappingArn"])["Tags"] == {"a": "1"}
    lam.fails("ResourceConflictException").CreateEventSourceMapping(**one)
    lam.DeleteEventSourceMapping(**uuid)
    until(
        lambda: lam.ListEventSourceMappings(EventSourceArn=arn)["EventSourceMappings"],
        lambda left: left == [],
    )
    missing = lam.fails("ResourceNotFoundException")
    missing.GetEventSourceMapping(**uuid)
    missing.UpdateEventSourceMapping(**uuid, BatchSize=1)
    missing.DeleteEventSourceMapping(**uuid)
    bad = lam.fails("InvalidParameterValueException")
    bad.CreateEventSourceMapping(FunctionName="none", EventSourceArn=arn)
    bad.ListEventSourceMappings(Marker="nonsense")
