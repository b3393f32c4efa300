import json

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}

NO_ROLE = "arn:aws:iam::000000000000:nothing"


def scenario_identity(aws):
    sts = aws.sts
    assert sts.GetCallerIdentity()["Account"] == "000000000000"
    sts.fails("MissingAuthenticationToken", 403, signed=False).GetCallerIdentity()
    assert sts.GetAccessKeyInfo(AccessKeyId="AKIAIOSFODNN7EXAMPLE")["Account"]
    sts.fails("ValidationError").GetAccessKeyInfo(AccessKeyId="AKIA!IOSFODNN7EXAMPLE")


def scenario_sessions(aws):
    sts = aws.sts
    role = aws.iam.CreateRole(
        RoleName="sts-conformance", AssumeRolePolicyDocument=json.dumps(TRUST)
    )["Role"]["Arn"]
    session = sts.AssumeRole(RoleArn=role, RoleSessionName="session", DurationSeconds=900)
    assert session["AssumedRoleUser"]["Arn"].endswith("assumed-role/sts-conformance/session")
    sts.fails("ValidationError").AssumeRole(RoleArn=NO_ROLE, RoleSessionName="session")
    sts.fails("ValidationError").AssumeRole(
        RoleArn=role, RoleSessionName="session", DurationSeconds=43201
    )
    sts.AssumeRoleWithWebIdentity(RoleArn=role, RoleSessionName="session", WebIdentityToken="a.b.c")
    sts.fails("ValidationError").AssumeRoleWithWebIdentity(
        RoleArn=NO_ROLE, RoleSessionName="session", WebIdentityToken="a.b.c"
    )
    assert sts.GetSessionToken(DurationSeconds=900)["Credentials"]["SessionToken"]
    sts.fails("ValidationError").GetSessionToken(DurationSeconds=129601)
