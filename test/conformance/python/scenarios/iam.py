import json

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
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}],
    }
)
MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
NO_POLICY = "arn:aws:iam::000000000000:policy/none"


def role(aws, name, **more):
    return aws.iam.CreateRole(RoleName=name, AssumeRolePolicyDocument=TRUST, **more)["Role"]


def scenario_roles(aws):
    iam = aws.iam
    for n in range(5):
        role(aws, f"role-{n}", Path="/conformance/", Description=f"d{n}", MaxSessionDuration=7200)
    listed = iam.pages("ListRoles", "Roles", 2, PathPrefix="/conformance/")
    assert [r["RoleName"] for r in listed] == [f"role-{n}" for n in range(5)]
    iam.UpdateRole(RoleName="role-0", Description="other", MaxSessionDuration=3600)
    got = iam.GetRole(RoleName="role-0")["Role"]
    assert got["Description"] == "other" and got["MaxSessionDuration"] == 3600
    assert got["AssumeRolePolicyDocument"] == json.loads(TRUST)
    iam.UpdateRoleDescription(RoleName="role-0", Description="third")
    iam.UpdateAssumeRolePolicy(RoleName="role-0", PolicyDocument=TRUST)
    iam.PutRolePermissionsBoundary(RoleName="role-0", PermissionsBoundary=MANAGED)
    boundary = iam.GetRole(RoleName="role-0")["Role"]["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == MANAGED
    iam.DeleteRolePermissionsBoundary(RoleName="role-0")
    tags = [{"Key": f"k{n}", "Value": str(n)} for n in range(5)]
    iam.TagRole(RoleName="role-0", Tags=tags)
    iam.UntagRole(RoleName="role-0", TagKeys=["k0"])
    assert iam.pages("ListRoleTags", "Tags", 2, RoleName="role-0") == tags[1:]
    iam.DeleteRole(RoleName="role-4")
    iam.wait("role_exists", RoleName="role-0")


def scenario_role_failures(aws):
    iam = aws.iam
    role(aws, "there")
    iam.fails("EntityAlreadyExists", 409).CreateRole(
        RoleName="there", AssumeRolePolicyDocument=TRUST
    )
    iam.fails("MalformedPolicyDocument").CreateRole(
        RoleName="bad", AssumeRolePolicyDocument="{not json"
    )
    missing = iam.fails("NoSuchEntity", 404)
    missing.GetRole(RoleName="none")
    missing.DeleteRole(RoleName="none")
    missing.UpdateRole(RoleName="none")
    missing.UpdateRoleDescription(RoleName="none", Description="")
    missing.UpdateAssumeRolePolicy(RoleName="none", PolicyDocument=TRUST)
    missing.PutRolePermissionsBoundary(RoleName="none", PermissionsBoundary=MANAGED)
    missing.DeleteRolePermissionsBoundary(RoleName="none")
    missing.TagRole(RoleName="none", Tags=[{"Key": "a", "Value": "b"}])
    missing.UntagRole(RoleName="none", TagKeys=["a"])
    missing.ListRoleTags(RoleName="none")
    iam.fails("ValidationError").ListRoles(Marker="nonsense")
    iam.fails("MalformedPolicyDocument").UpdateAssumeRolePolicy(
        RoleName="there", PolicyDocument="[]"
    )


def scenario_role_policies(aws):
    iam = aws.iam
    role(aws, "policies")
    for n in range(3):
        iam.PutRolePolicy(RoleName="policies", PolicyName=f"p{n}", PolicyDocument=POLICY)
    assert iam.GetRolePolicy(RoleName="policies", PolicyName="p0")["PolicyDocument"] == json.loads(
        POLICY
    )
    assert iam.pages("ListRolePolicies", "PolicyNames", 2, RoleName="policies") == ["p0", "p1", "p2"]
    arns = [
        iam.CreatePolicy(PolicyName=f"attached-{n}", PolicyDocument=POLICY)["Policy"]["Arn"]
        for n in range(3)
    ]
    for arn in arns:
        iam.AttachRolePolicy(RoleName="policies", PolicyArn=arn)
    attached = iam.pages("ListAttachedRolePolicies", "AttachedPolicies", 2, RoleName="policies")
    assert [policy["PolicyArn"] for policy in attached] == arns
    roles = iam.pages("ListEntitiesForPolicy", "PolicyRoles", 2, PolicyArn=arns[0])
    assert [r["RoleName"] for r in roles] == ["policies"]
    iam.fails("DeleteConflict", 409).DeleteRole(RoleName="policies")
    iam.fails("DeleteConflict", 409).DeletePolicy(PolicyArn=arns[0])
    for arn in arns:
        iam.DetachRolePolicy(RoleName="policies", PolicyArn=arn)
    for n in range(3):
        iam.DeleteRolePolicy(RoleName="policies", PolicyName=f"p{n}")
    iam.DeleteRole(RoleName="policies")
    role(aws, "bare")
    missing = iam.fails("NoSuchEntity", 404)
    missing.PutRolePolicy(RoleName="none", PolicyName="p", PolicyDocument=POLICY)
    missing.GetRolePolicy(RoleName="bare", PolicyName="none")
    missing.DeleteRolePolicy(RoleName="bare", PolicyName="none")
    missing.ListRolePolicies(RoleName="none")
    missing.AttachRolePolicy(RoleName="bare", PolicyArn=NO_POLICY)
    missing.DetachRolePolicy(RoleName="bare", PolicyArn=NO_POLICY)
    missing.ListAttachedRolePolicies(RoleName="none")
    missing.ListEntitiesForPolicy(PolicyArn=NO_POLICY)
    iam.fails("MalformedPolicyDocument").PutRolePolicy(
        RoleName="bare", PolicyName="p", PolicyDocument="{}"
    )


def scenario_policies(aws):
    iam = aws.iam
    arns = [
        iam.CreatePolicy(PolicyName=f"policy-{n}", PolicyDocument=POLICY, Path="/conformance/")[
            "Policy"
        ]["Arn"]
        for n in range(3)
    ]
    listed = iam.pages("ListPolicies", "Policies", 2, Scope="Local", PathPrefix="/conformance/")
    assert [policy["Arn"] for policy in listed] == arns
    one = {"PolicyArn": arns[0]}
    assert iam.GetPolicy(**one)["Policy"]["DefaultVersionId"] == "v1"
    for _ in range(4):
        iam.CreatePolicyVersion(**one, PolicyDocument=POLICY)
    iam.fails("LimitExceeded", 409).CreatePolicyVersion(**one, PolicyDocument=POLICY)
    iam.SetDefaultPolicyVersion(**one, VersionId="v3")
    versions = iam.pages("ListPolicyVersions", "Versions", 2, **one)
    assert sorted(v["VersionId"] for v in versions) == ["v1", "v2", "v3", "v4", "v5"]
    version = iam.GetPolicyVersion(**one, VersionId="v3")["PolicyVersion"]
    assert version["IsDefaultVersion"] and version["Document"] == json.loads(POLICY)
    iam.DeletePolicyVersion(**one, VersionId="v1")
    iam.fails("DeleteConflict", 409).DeletePolicyVersion(**one, VersionId="v3")
    tags = [{"Key": f"k{n}", "Value": str(n)} for n in range(3)]
    iam.TagPolicy(**one, Tags=tags)
    iam.UntagPolicy(**one, TagKeys=["k1"])
    assert iam.pages("ListPolicyTags", "Tags", 1, **one) == [tags[0], tags[2]]
    iam.DeletePolicy(PolicyArn=arns[2])
    missing = iam.fails("NoSuchEntity", 404)
    none = {"PolicyArn": NO_POLICY}
    missing.GetPolicy(**none)
    missing.DeletePolicy(**none)
    missing.CreatePolicyVersion(**none, PolicyDocument=POLICY)
    missing.GetPolicyVersion(**one, VersionId="v9")
    missing.DeletePolicyVersion(**one, VersionId="v9")
    missing.SetDefaultPolicyVersion(**one, VersionId="v9")
    missing.ListPolicyVersions(**none)
    missing.TagPolicy(**none, Tags=tags)
    missing.UntagPolicy(**none, TagKeys=["k1"])
    missing.ListPolicyTags(**none)
    iam.fails("EntityAlreadyExists", 409).CreatePolicy(
        PolicyName="policy-0", PolicyDocument=POLICY, Path="/conformance/"
    )
    iam.fails("ValidationError").ListPolicies(Marker="nonsense")
    assert iam.pages("ListPolicies", "Policies", 50, Scope="AWS")


def scenario_instance_profiles(aws):
    iam = aws.iam
    role(aws, "profiled")
    names = [f"profile-{n}" for n in range(3)]
    for name in names:
        iam.CreateInstanceProfile(InstanceProfileName=name, Path="/conformance/")
        iam.AddRoleToInstanceProfile(InstanceProfileName=name, RoleName="profiled")
    listed = iam.pages("ListInstanceProfiles", "InstanceProfiles", 2, PathPrefix="/conformance/")
    assert [p["InstanceProfileName"] for p in listed] == names
    of_role = iam.pages("ListInstanceProfilesForRole", "InstanceProfiles", 2, RoleName="profiled")
    assert [p["InstanceProfileName"] for p in of_role] == names
    one = {"InstanceProfileName": names[0]}
    got = iam.GetInstanceProfile(**one)["InstanceProfile"]
    assert [r["RoleName"] for r in got["Roles"]] == ["profiled"]
    iam.fails("LimitExceeded", 409).AddRoleToInstanceProfile(**one, RoleName="profiled")
    iam.fails("DeleteConflict", 409).DeleteInstanceProfile(**one)
    iam.RemoveRoleFromInstanceProfile(**one, RoleName="profiled")
    iam.DeleteInstanceProfile(**one)
    iam.wait("instance_profile_exists", InstanceProfileName=names[1])
    missing = iam.fails("NoSuchEntity", 404)
    none = {"InstanceProfileName": "none"}
    missing.GetInstanceProfile(**none)
    missing.DeleteInstanceProfile(**none)
    missing.AddRoleToInstanceProfile(**none, RoleName="profiled")
    missing.RemoveRoleFromInstanceProfile(**none, RoleName="profiled")
    missing.ListInstanceProfilesForRole(RoleName="none")
    iam.fails("EntityAlreadyExists", 409).CreateInstanceProfile(InstanceProfileName=names[1])
    iam.fails("ValidationError").ListInstanceProfiles(Marker="nonsense")


def scenario_account(aws):
    iam = aws.iam
    assert iam.GetUser()["User"]["UserName"] == "lmi-local"
    iam.fails("NoSuchEntity", 404).GetUser(UserName="none")
    assert iam.GetAccountSummary()["SummaryMap"]["Users"] == 1
    iam.fails("MissingAuthenticationToken", 403, signed=False).GetAccountSummary()
    assert iam.ListAccountAliases()["AccountAliases"] == []
    iam.CreateServiceLinkedRole(AWSServiceName="spot.amazonaws.com")
    iam.fails("InvalidInput").CreateServiceLinkedRole(AWSServiceName="spot.amazonaws.com")
    slr = "AWSServiceRoleForEC2Spot"
    iam.fails("UnmodifiableEntity").DeleteRole(RoleName=slr)
    task = iam.DeleteServiceLinkedRole(RoleName=slr)["DeletionTaskId"]
    assert iam.GetServiceLinkedRoleDeletionStatus(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    iam.fails("NoSuchEntity", 404).DeleteServiceLinkedRole(RoleName=slr)
    role(aws, "of-ones-own")
    iam.fails("NoSuchEntity", 404).DeleteServiceLinkedRole(RoleName="of-ones-own")
    iam.fails("NoSuchEntity", 404).GetServiceLinkedRoleDeletionStatus(DeletionTaskId="task/none")
    iam.fails("ValidationError").ListAccountAliases(Marker="nonsense")


def scenario_simulation(aws):
    iam = aws.iam
    made = role(aws, "simulated")
    allowed = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}
    iam.PutRolePolicy(
        RoleName="simulated",
        PolicyName="own",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": allowed}),
    )
    actions = {"ActionNames": ["s3:GetObject", "s3:PutObject"]}
    answer = iam.SimulatePrincipalPolicy(PolicySourceArn=made["Arn"], **actions)
    decisions = {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]}
    assert decisions == {"s3:GetObject": "allowed", "s3:PutObject": "implicitDeny"}
    gone = made["Arn"] + "-gone"
    iam.fails("NoSuchEntity", 404).SimulatePrincipalPolicy(PolicySourceArn=gone, **actions)
