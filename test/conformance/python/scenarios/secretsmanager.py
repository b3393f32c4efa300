def scenario_secrets(aws):
    secrets = aws.secretsmanager
    made = secrets.CreateSecret(Name="c/a", SecretString="one", Description="d", Tags=[{"Key": "k", "Value": "v"}])
    for name in ("c/b", "c/c"):
        secrets.CreateSecret(Name=name, SecretString="x")
    secrets.PutSecretValue(SecretId="c/a", SecretString="two")
    assert secrets.GetSecretValue(SecretId=made["ARN"])["SecretString"] == "two"
    before = secrets.GetSecretValue(SecretId="c/a", VersionStage="AWSPREVIOUS")
    assert before["SecretString"] == "one" and before["VersionId"] == made["VersionId"]
    secrets.UpdateSecret(SecretId="c/a", Description="other", SecretString="three")
    described = secrets.DescribeSecret(SecretId="c/a")
    assert described["Description"] == "other" and len(described["VersionIdsToStages"]) == 2
    assert len(secrets.pages("ListSecrets", "SecretList", 2)) == 3
    secrets.DeleteSecret(SecretId="c/b", RecoveryWindowInDays=7)
    secrets.DeleteSecret(SecretId="c/c", ForceDeleteWithoutRecovery=True)
    assert [s["Name"] for s in secrets.ListSecrets()["SecretList"]] == ["c/a"]


def scenario_failures(aws):
    secrets = aws.secretsmanager
    secrets.CreateSecret(Name="once", SecretString="v")
    secrets.fails("ResourceExistsException").CreateSecret(Name="once", SecretString="v")
    secrets.fails("ResourceNotFoundException").GetSecretValue(SecretId="none")
    secrets.fails("ResourceNotFoundException").GetSecretValue(SecretId="once", VersionStage="NONE")
    secrets.fails("ResourceNotFoundException").PutSecretValue(SecretId="none", SecretString="v")
    secrets.fails("ResourceNotFoundException").UpdateSecret(SecretId="none", SecretString="v")
    secrets.fails("ResourceNotFoundException").DescribeSecret(SecretId="none")
    secrets.fails("ResourceNotFoundException").DeleteSecret(SecretId="none")
    secrets.fails("InvalidRequestException").PutSecretValue(SecretId="once")
    secrets.fails("InvalidParameterException").DeleteSecret(SecretId="once", RecoveryWindowInDays=3)
    secrets.fails("InvalidNextTokenException").ListSecrets(NextToken="nonsense")
    secrets.DeleteSecret(SecretId="once")
    secrets.fails("InvalidRequestException").GetSecretValue(SecretId="once")
