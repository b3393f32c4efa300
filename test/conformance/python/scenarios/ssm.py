def scenario_parameters(aws):
    ssm = aws.ssm
    for n in range(5):
        ssm.PutParameter(Name=f"/c/a/{n}", Value=f"v{n}", Type="String", Description=f"d{n}")
    ssm.PutParameter(Name="/c/b/deep/er", Value="x", Type="StringList")
    assert ssm.PutParameter(Name="/c/a/0", Value="w", Overwrite=True)["Version"] == 2
    assert ssm.GetParameter(Name="/c/a/0")["Parameter"]["Value"] == "w"
    assert ssm.GetParameter(Name="/c/a/0:1")["Parameter"]["Value"] == "v0"
    got = ssm.GetParameters(Names=["/c/a/1", "/c/none"])
    assert [p["Name"] for p in got["Parameters"]] == ["/c/a/1"]
    assert got["InvalidParameters"] == ["/c/none"]
    assert len(ssm.pages("GetParametersByPath", "Parameters", 2, Path="/c/a")) == 5
    assert len(ssm.pages("GetParametersByPath", "Parameters", 3, Path="/c", Recursive=True)) == 6
    only = [{"Key": "Name", "Option": "BeginsWith", "Values": ["/c/a"]}]
    assert len(ssm.pages("DescribeParameters", "Parameters", 2, ParameterFilters=only)) == 5
    assert len(ssm.pages("GetParameterHistory", "Parameters", 1, Name="/c/a/0")) == 2
    ssm.DeleteParameter(Name="/c/a/4")
    gone = ssm.DeleteParameters(Names=["/c/a/3", "/c/none"])
    assert gone["DeletedParameters"] == ["/c/a/3"] and gone["InvalidParameters"] == ["/c/none"]


def scenario_tags(aws):
    ssm = aws.ssm
    ssm.PutParameter(Name="tagged", Value="v", Type="String", Tags=[{"Key": "a", "Value": "1"}])
    resource = {"ResourceType": "Parameter", "ResourceId": "tagged"}
    ssm.AddTagsToResource(**resource, Tags=[{"Key": "b", "Value": "2"}])
    ssm.RemoveTagsFromResource(**resource, TagKeys=["a"])
    assert ssm.ListTagsForResource(**resource)["TagList"] == [{"Key": "b", "Value": "2"}]
    missing = {"ResourceType": "Parameter", "ResourceId": "none"}
    ssm.fails("InvalidResourceId").AddTagsToResource(**missing, Tags=[{"Key": "b", "Value": "2"}])
    ssm.fails("InvalidResourceId").RemoveTagsFromResource(**missing, TagKeys=["a"])
    ssm.fails("InvalidResourceId").ListTagsForResource(**missing)


def scenario_failures(aws):
    ssm = aws.ssm
    ssm.PutParameter(Name="once", Value="v", Type="String")
    ssm.fails("ParameterAlreadyExists").PutParameter(Name="once", Value="v", Type="String")
    ssm.fails("ParameterNotFound").GetParameter(Name="none")
    ssm.fails("ParameterVersionNotFound").GetParameter(Name="once:9")
    ssm.fails("ParameterNotFound").GetParameterHistory(Name="none")
    ssm.fails("ParameterNotFound").DeleteParameter(Name="none")
    ssm.fails("ValidationException").DeleteParameters(Names=[f"n{n}" for n in range(11)])
    ssm.fails("ValidationException").GetParameters(Names=[f"n{n}" for n in range(11)])
    ssm.fails("ValidationException").GetParametersByPath(Path="none")
    ssm.fails("InvalidNextToken").DescribeParameters(NextToken="nonsense")
    ssm.fails("InvalidFilterKey").DescribeParameters(
        ParameterFilters=[{"Key": "Nonsense", "Values": ["x"]}]
    )
    ssm.fails("HierarchyLevelLimitExceededException").PutParameter(
        Name="/" + "/".join("abcdefghijklmnopq"), Value="v", Type="String"
    )
    ssm.fails("ParameterPatternMismatchException").PutParameter(
        Name="pattern", Value="v", Type="String", AllowedPattern="^[0-9]+$"
    )
