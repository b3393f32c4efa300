import json
import time

from scenarios.lambda_ import account, zipped


def template(**resources):
    return json.dumps(
        {
            "Description": "conformance",
            "Parameters": {"Value": {"Type": "String", "Default": "v"}},
            "Resources": resources or {"One": parameter({"Ref": "Value"})},
            "Outputs": {
                "Id": {
                    "Value": {"Ref": "AWS::StackId"},
                    "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-id"}},
                }
            },
        }
    )


def parameter(value, **more):
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}, **more}


ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    },
}
# A name that SSM refuses: the resource fails when it is made, not when the template is read.
FAILING = {
    "Type": "AWS::SSM::Parameter",
    "Properties": {"Type": "String", "Value": "v", "AllowedPattern": "^[0-9]+$"},
}
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def create(aws, name, body=None, **more):
    stack = aws.cloudformation.CreateStack(
        StackName=name, TemplateBody=body or template(), **more
    )["StackId"]
    aws.cloudformation.wait("stack_create_complete", StackName=name)
    return stack


def status(aws, name):
    return aws.cloudformation.DescribeStacks(StackName=name)["Stacks"][0]["StackStatus"]


def scenario_stacks(aws):
    cfn = aws.cloudformation
    ids = [create(aws, f"stacks-{n}", Tags=[{"Key": "a", "Value": "b"}]) for n in range(3)]
    described = cfn.pages("DescribeStacks", "Stacks", None)
    assert {s["StackId"] for s in described} >= set(ids)
    listed = cfn.pages("ListStacks", "StackSummaries", None, StackStatusFilter=list(DONE))
    assert {s["StackId"] for s in listed} >= set(ids)
    one = {"StackName": "stacks-0"}
    events = cfn.pages("DescribeStackEvents", "StackEvents", None, **one)
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert events[-1]["ResourceStatus"] == "CREATE_IN_PROGRESS"
    assert cfn.DescribeEvents(**one)["OperationEvents"]
    resources = cfn.pages("ListStackResources", "StackResourceSummaries", None, **one)
    assert [r["LogicalResourceId"] for r in resources] == ["One"]
    assert len(cfn.DescribeStackResources(**one)["StackResources"]) == 1
    detail = cfn.DescribeStackResource(**one, LogicalResourceId="One")["StackResourceDetail"]
    assert detail["ResourceStatus"] == "CREATE_COMPLETE"
    got = cfn.GetTemplate(**one)["TemplateBody"]
    assert got == json.loads(template()), got
    assert cfn.GetTemplateSummary(**one)["ResourceTypes"] == ["AWS::SSM::Parameter"]
    exports = {e["Name"] for e in cfn.pages("ListExports", "Exports", None)}
    assert exports >= {f"stacks-{n}-id" for n in range(3)}
    cfn.UpdateStack(
        **one, UsePreviousTemplate=True, Parameters=[{"ParameterKey": "Value", "ParameterValue": "w"}]
    )
    cfn.wait("stack_update_complete", **one)
    same = [{"ParameterKey": "Value", "UsePreviousValue": True}]
    cfn.fails("ValidationError").UpdateStack(**one, UsePreviousTemplate=True, Parameters=same)
    cfn.UpdateTerminationProtection(**one, EnableTerminationProtection=True)
    cfn.fails("ValidationError").DeleteStack(**one)
    cfn.UpdateTerminationProtection(**one, EnableTerminationProtection=False)
    cfn.DeleteStack(**one)
    cfn.wait("stack_delete_complete", StackName=ids[0])
    assert status(aws, ids[0]) == "DELETE_COMPLETE"


def scenario_imports(aws):
    cfn = aws.cloudformation
    create(aws, "exporter")
    for n in range(3):
        create(aws, f"importer-{n}", template(In=parameter({"Fn::ImportValue": "exporter-id"})))
    found = cfn.pages("ListImports", "Imports", None, ExportName="exporter-id")
    assert sorted(found) == ["importer-0", "importer-1", "importer-2"]
    cfn.fails("ValidationError").ListImports(ExportName="stacks-1-id")
    cfn.fails("ValidationError").ListExports(NextToken="nonsense")


def scenario_change_sets(aws):
    cfn = aws.cloudformation
    name = {"StackName": "changes"}
    first = {**name, "ChangeSetName": "first"}
    cfn.CreateChangeSet(**first, TemplateBody=template(), ChangeSetType="CREATE")
    cfn.wait("change_set_create_complete", **first)
    described = cfn.DescribeChangeSet(**first)
    assert described["Changes"][0]["ResourceChange"]["Action"] == "Add"
    assert cfn.DescribeChangeSetHooks(**first)["Hooks"] == []
    cfn.ExecuteChangeSet(**first)
    cfn.wait("stack_create_complete", **name)
    for n in range(3):
        change = {**name, "ChangeSetName": f"c{n}"}
        cfn.CreateChangeSet(**change, TemplateBody=template(One=parameter(f"{n}")))
        cfn.wait("change_set_create_complete", **change)
    listed = cfn.pages("ListChangeSets", "Summaries", None, **name)
    assert sorted(c["ChangeSetName"] for c in listed) == ["c0", "c1", "c2"]
    same = {**name, "ChangeSetName": "same"}
    cfn.CreateChangeSet(**same, UsePreviousTemplate=True)
    failed = cfn.DescribeChangeSet(**same)
    while failed["Status"] not in ("FAILED", "CREATE_COMPLETE"):
        time.sleep(0.05)
        failed = cfn.DescribeChangeSet(**same)
    assert "didn't contain changes" in failed["StatusReason"], failed
    cfn.fails("InvalidChangeSetStatus").ExecuteChangeSet(**same)
    cfn.fails("AlreadyExistsException").CreateChangeSet(
        **name, ChangeSetName="c0", TemplateBody=template()
    )
    cfn.DeleteChangeSet(**name, ChangeSetName="c0")
    missing = cfn.fails("ChangeSetNotFound", 404)
    none = {**name, "ChangeSetName": "none"}
    missing.DescribeChangeSet(**none)
    missing.DescribeChangeSetHooks(**none)
    missing.ExecuteChangeSet(**none)
    cfn.fails("ValidationError").DeleteChangeSet(StackName="none", ChangeSetName="none")
    cfn.fails("ValidationError").ListChangeSets(StackName="none")


def scenario_rollbacks(aws):
    cfn = aws.cloudformation
    create(aws, "rolls")
    name = {"StackName": "rolls"}
    broken = template(One=parameter("x"), Two=FAILING)
    cfn.UpdateStack(**name, TemplateBody=broken)
    cfn.wait("stack_rollback_complete", **name)
    assert status(aws, "rolls") == "UPDATE_ROLLBACK_COMPLETE"
    cfn.UpdateStack(**name, TemplateBody=broken, DisableRollback=True)
    settled(aws, "rolls")
    assert status(aws, "rolls") == "UPDATE_FAILED"
    cfn.RollbackStack(**name)
    settled(aws, "rolls")
    assert status(aws, "rolls") == "UPDATE_ROLLBACK_COMPLETE"
    cfn.fails("ValidationError").RollbackStack(**name)
    cfn.fails("ValidationError").ContinueUpdateRollback(**name)
    cfn.fails("ValidationError").CancelUpdateStack(**name)


def settled(aws, name):
    while status(aws, name).endswith("IN_PROGRESS"):
        time.sleep(0.05)


def slow_function(aws, ending):
    """A function whose version takes two seconds to start, and then does or does not."""
    mine = account(aws)
    source = "await new Promise((go) => setTimeout(go, 2000));" + ending
    aws.s3.CreateBucket(Bucket=f"code-{len(source)}")
    aws.s3.PutObject(Bucket=f"code-{len(source)}", Key="k", Body=zipped(source))
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Role": mine.role,
            "Runtime": "nodejs24.x",
            "Handler": "index.handler",
            "MemorySize": 2048,
            "PublishToLatestPublished": True,
            "Code": {"S3Bucket": f"code-{len(source)}", "S3Key": "k"},
            **mine.config(),
        },
    }


def scenario_cancel(aws):
    cfn = aws.cloudformation
    create(aws, "cancelled")
    name = {"StackName": "cancelled"}
    slow = slow_function(aws, "export const handler = () => {};")
    cfn.UpdateStack(**name, TemplateBody=template(One=parameter("v"), Slow=slow))
    cfn.CancelUpdateStack(**name)
    settled(aws, "cancelled")
    assert status(aws, "cancelled") == "UPDATE_ROLLBACK_COMPLETE", status(aws, "cancelled")


def scenario_continue_rollback(aws):
    """What an update changed is gone when it is to be changed back."""
    cfn = aws.cloudformation
    name = {"StackName": "stuck"}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/stuck"}}

    def keeping(days, **more):
        properties = {**group["Properties"], "RetentionInDays": days}
        return template(Group={**group, "Properties": properties}, **more)

    create(aws, "stuck", keeping(7))
    failing = {**slow_function(aws, "throw new Error('as asked');"), "DependsOn": "Group"}
    cfn.UpdateStack(**name, TemplateBody=keeping(14, Failing=failing))
    changed = {**name, "LogicalResourceId": "Group"}
    while (
        cfn.DescribeStackResource(**changed)["StackResourceDetail"]["ResourceStatus"]
        != "UPDATE_COMPLETE"
    ):
        time.sleep(0.05)
    aws.logs.DeleteLogGroup(logGroupName="/stuck")
    settled(aws, "stuck")
    assert status(aws, "stuck") == "UPDATE_ROLLBACK_FAILED", status(aws, "stuck")
    aws.logs.CreateLogGroup(logGroupName="/stuck")
    cfn.ContinueUpdateRollback(**name)
    settled(aws, "stuck")
    assert status(aws, "stuck") == "UPDATE_ROLLBACK_COMPLETE", status(aws, "stuck")


def scenario_drift(aws):
    cfn = aws.cloudformation
    group = {"LogGroupName": "/drifting", "RetentionInDays": 7}
    name = {"StackName": "drifting"}
    create(
        aws,
        "drifting",
        template(
            One=parameter("v"), Group={"Type": "AWS::Logs::LogGroup", "Properties": group}
        ),
    )
    aws.logs.PutRetentionPolicy(logGroupName="/drifting", retentionInDays=14)
    detection = {"StackDriftDetectionId": cfn.DetectStackDrift(**name)["StackDriftDetectionId"]}
    found = cfn.DescribeStackDriftDetectionStatus(**detection)
    while found["DetectionStatus"] == "DETECTION_IN_PROGRESS":
        time.sleep(0.05)
        found = cfn.DescribeStackDriftDetectionStatus(**detection)
    assert found["StackDriftStatus"] == "DRIFTED", found
    drifts = cfn.DescribeStackResourceDrifts(**name)["StackResourceDrifts"]
    states = {d["LogicalResourceId"]: d["StackResourceDriftStatus"] for d in drifts}
    assert states["Group"] == "MODIFIED", drifts
    one = cfn.DetectStackResourceDrift(**name, LogicalResourceId="Group")["StackResourceDrift"]
    assert one["PropertyDifferences"][0]["PropertyPath"] == "/RetentionInDays", one
    bad = cfn.fails("ValidationError")
    bad.DetectStackDrift(StackName="none")
    bad.DescribeStackDriftDetectionStatus(
        StackDriftDetectionId="00000000-0000-0000-0000-000000000000"
    )
    bad.DescribeStackResourceDrifts(StackName="none")
    bad.DetectStackResourceDrift(StackName="none", LogicalResourceId="One")


def scenario_stack_policies(aws):
    """The target has none, and says so where one is set."""
    cfn = aws.cloudformation
    create(aws, "policies")
    assert "StackPolicyBody" not in cfn.GetStackPolicy(StackName="policies")
    policy = {"Statement": [{"Effect": "Deny", "Action": "Update:*", "Resource": "*"}]}
    bad = cfn.fails("ValidationError")
    bad.SetStackPolicy(StackName="policies", StackPolicyBody=json.dumps(policy))
    bad.GetStackPolicy(StackName="none")


def scenario_templates(aws):
    cfn = aws.cloudformation
    checked = cfn.ValidateTemplate(TemplateBody=template())
    assert checked["Parameters"][0]["ParameterKey"] == "Value"
    summary = cfn.GetTemplateSummary(TemplateBody=template(R=ROLE))
    assert summary["Capabilities"] == ["CAPABILITY_IAM"]
    cfn.fails("InsufficientCapabilitiesException").CreateStack(
        StackName="role", TemplateBody=template(R=ROLE)
    )
    bad = cfn.fails("ValidationError")
    bad.CreateStack(StackName="bad", TemplateBody="{}")
    bad.ValidateTemplate(TemplateBody=template(A=parameter({"Ref": "None"})))
    bad.GetTemplateSummary(StackName="none")
    none = {"StackName": "none"}
    bad.DescribeStacks(**none)
    bad.DescribeStackEvents(**none)
    bad.DescribeStackResources(**none)
    bad.DescribeStackResource(**none, LogicalResourceId="One")
    bad.ListStackResources(**none)
    bad.GetTemplate(**none)
    bad.UpdateStack(**none, TemplateBody=template())
    bad.UpdateTerminationProtection(**none, EnableTerminationProtection=True)
    bad.ListStacks(NextToken="nonsense")
    bad.DescribeEvents(**none)
    create(aws, "there")
    cfn.fails("AlreadyExistsException").CreateStack(StackName="there", TemplateBody=template())
    assert cfn.ListHookResults()["HookResults"] == []
    bad.ListHookResults(NextToken="nonsense")
