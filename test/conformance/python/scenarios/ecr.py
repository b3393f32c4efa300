import json

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "pull", "Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"]}
        ],
    }
)
LIFECYCLE = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "imageCountMoreThan",
                    "countNumber": 3,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)
NONE = {"repositoryName": "none"}


def scenario_repositories(aws):
    ecr = aws.ecr
    names = [f"conformance/{n}" for n in range(3)]
    for name in names:
        ecr.CreateRepository(repositoryName=name, tags=[{"Key": "a", "Value": "1"}])
    listed = [r["repositoryName"] for r in ecr.pages("DescribeRepositories", "repositories", 2)]
    assert sorted(listed) == names, listed
    chosen = ecr.DescribeRepositories(repositoryNames=names[1:2])["repositories"]
    assert [r["repositoryName"] for r in chosen] == names[1:2]
    one = {"repositoryName": names[0]}
    ecr.PutImageTagMutability(**one, imageTagMutability="IMMUTABLE")
    ecr.PutImageScanningConfiguration(**one, imageScanningConfiguration={"scanOnPush": True})
    after = ecr.DescribeRepositories(repositoryNames=names[:1])["repositories"][0]
    assert after["imageTagMutability"] == "IMMUTABLE"
    assert after["imageScanningConfiguration"] == {"scanOnPush": True}
    assert ecr.DescribeImages(**one)["imageDetails"] == []
    ecr.fails("ImageNotFoundException").DescribeImages(**one, imageIds=[{"imageTag": "x"}])
    ecr.fails("RepositoryAlreadyExistsException").CreateRepository(**one)
    ecr.fails("InvalidParameterException").CreateRepository(repositoryName="Upper")
    ecr.DeleteRepository(**one)
    missing = ecr.fails("RepositoryNotFoundException")
    missing.DeleteRepository(**one)
    missing.DescribeRepositories(repositoryNames=["none"])
    missing.DescribeImages(**NONE)
    missing.PutImageTagMutability(**NONE, imageTagMutability="MUTABLE")
    missing.PutImageScanningConfiguration(**NONE, imageScanningConfiguration={})


def scenario_policies(aws):
    ecr = aws.ecr
    one = {"repositoryName": "policies"}
    arn = ecr.CreateRepository(**one)["repository"]["repositoryArn"]
    ecr.fails("RepositoryPolicyNotFoundException").GetRepositoryPolicy(**one)
    ecr.fails("RepositoryPolicyNotFoundException").DeleteRepositoryPolicy(**one)
    ecr.SetRepositoryPolicy(**one, policyText=POLICY)
    assert json.loads(ecr.GetRepositoryPolicy(**one)["policyText"]) == json.loads(POLICY)
    ecr.DeleteRepositoryPolicy(**one)
    ecr.fails("LifecyclePolicyNotFoundException").GetLifecyclePolicy(**one)
    ecr.fails("LifecyclePolicyNotFoundException").DeleteLifecyclePolicy(**one)
    ecr.PutLifecyclePolicy(**one, lifecyclePolicyText=LIFECYCLE)
    assert ecr.GetLifecyclePolicy(**one)["lifecyclePolicyText"] == LIFECYCLE
    ecr.DeleteLifecyclePolicy(**one)
    ecr.TagResource(resourceArn=arn, tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    ecr.UntagResource(resourceArn=arn, tagKeys=["a"])
    assert ecr.ListTagsForResource(resourceArn=arn)["tags"] == [{"Key": "b", "Value": "2"}]
    missing = ecr.fails("RepositoryNotFoundException")
    missing.SetRepositoryPolicy(**NONE, policyText=POLICY)
    missing.PutLifecyclePolicy(**NONE, lifecyclePolicyText=LIFECYCLE)
    none = arn.replace("policies", "none")
    missing.TagResource(resourceArn=none, tags=[{"Key": "a", "Value": "1"}])
    missing.UntagResource(resourceArn=none, tagKeys=["a"])
    missing.ListTagsForResource(resourceArn=none)
    ecr.fails("InvalidParameterException").ListTagsForResource(resourceArn="nonsense")
    ecr.fails("InvalidParameterException").SetRepositoryPolicy(**one, policyText="{")
    ecr.fails("InvalidParameterException").PutLifecyclePolicy(
        **one, lifecyclePolicyText="x" * 100
    )
