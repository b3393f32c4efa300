NO_KEY = "00000000-0000-0000-0000-000000000000"


def scenario_keys(aws):
    kms = aws.kms
    keys = [kms.CreateKey(Description=f"key {n}")["KeyMetadata"]["KeyId"] for n in range(3)]
    assert kms.DescribeKey(KeyId=keys[0])["KeyMetadata"]["Description"] == "key 0"
    kms.UpdateKeyDescription(KeyId=keys[0], Description="other")
    assert kms.DescribeKey(KeyId=keys[0])["KeyMetadata"]["Description"] == "other"
    listed = {key["KeyId"] for key in kms.pages("ListKeys", "Keys", 2)}
    assert listed >= set(keys), listed
    kms.EnableKeyRotation(KeyId=keys[1])
    kms.DisableKeyRotation(KeyId=keys[1])
    policy = kms.GetKeyPolicy(KeyId=keys[1], PolicyName="default")["Policy"]
    kms.PutKeyPolicy(KeyId=keys[1], PolicyName="default", Policy=policy)
    kms.ScheduleKeyDeletion(KeyId=keys[1], PendingWindowInDays=7)
    assert kms.DescribeKey(KeyId=keys[1])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    kms.fails("KMSInvalidStateException").EnableKeyRotation(KeyId=keys[1])
    kms.fails("KMSInvalidStateException").ScheduleKeyDeletion(KeyId=keys[1])
    kms.CancelKeyDeletion(KeyId=keys[1])
    kms.fails("KMSInvalidStateException").CancelKeyDeletion(KeyId=keys[0])


def scenario_aliases(aws):
    kms = aws.kms
    first, second = (kms.CreateKey()["KeyMetadata"]["KeyId"] for _ in range(2))
    names = [f"alias/conformance-{n}" for n in range(3)]
    for name in names:
        kms.CreateAlias(AliasName=name, TargetKeyId=first)
    assert {a["AliasName"] for a in kms.pages("ListAliases", "Aliases", 2)} >= set(names)
    assert len(kms.pages("ListAliases", "Aliases", 2, KeyId=first)) == 3
    kms.UpdateAlias(AliasName=names[0], TargetKeyId=second)
    assert kms.DescribeKey(KeyId=names[0])["KeyMetadata"]["KeyId"] == second
    kms.fails("AlreadyExistsException").CreateAlias(AliasName=names[0], TargetKeyId=first)
    kms.DeleteAlias(AliasName=names[0])
    kms.fails("NotFoundException").DeleteAlias(AliasName=names[0])
    kms.fails("NotFoundException").UpdateAlias(AliasName=names[0], TargetKeyId=first)


def scenario_failures(aws):
    kms = aws.kms
    missing = kms.fails("NotFoundException")
    missing.DescribeKey(KeyId=NO_KEY)
    missing.UpdateKeyDescription(KeyId=NO_KEY, Description="x")
    missing.GetKeyPolicy(KeyId=NO_KEY)
    missing.PutKeyPolicy(KeyId=NO_KEY, Policy="{}")
    missing.DisableKeyRotation(KeyId=NO_KEY)
    missing.EnableKeyRotation(KeyId=NO_KEY)
    missing.ListAliases(KeyId=NO_KEY)
    kms.fails("InvalidMarkerException").ListKeys(Marker="nonsense")
    kms.fails("MalformedPolicyDocumentException").CreateKey(Policy="{")
