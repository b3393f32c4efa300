FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"


def _api(aws, **more):
    return aws.apigatewayv2.CreateApi(Name="orders", ProtocolType="HTTP", **more)["ApiId"]


def scenario_apis(aws):
    gateway = aws.apigatewayv2
    cors = {"AllowOrigins": ["https://example.com"], "AllowMethods": ["GET"], "MaxAge": 60}
    made = gateway.CreateApi(Name="cors", ProtocolType="HTTP", CorsConfiguration=cors, Description="d")
    assert made["ApiEndpoint"].endswith(str(gateway.GetApi(ApiId=made["ApiId"])["ApiEndpoint"]))
    changed = gateway.UpdateApi(ApiId=made["ApiId"], Name="renamed")
    assert changed["Name"] == "renamed" and changed["CorsConfiguration"] == cors
    gateway.DeleteCorsConfiguration(ApiId=made["ApiId"])
    assert "CorsConfiguration" not in gateway.GetApi(ApiId=made["ApiId"])
    for _ in range(3):
        _api(aws)
    assert len(gateway.pages("GetApis", "Items", 2)) == 4
    gateway.DeleteApi(ApiId=made["ApiId"])
    gateway.fails("NotFoundException", 404).GetApi(ApiId=made["ApiId"])


def scenario_parts(aws):
    gateway = aws.apigatewayv2
    api = {"ApiId": _api(aws)}
    integration = gateway.CreateIntegration(
        **api, IntegrationType="AWS_PROXY", IntegrationUri=FUNCTION, PayloadFormatVersion="2.0"
    )
    one = {**api, "IntegrationId": integration["IntegrationId"]}
    assert gateway.UpdateIntegration(**one, TimeoutInMillis=5000)["TimeoutInMillis"] == 5000
    assert gateway.GetIntegration(**one)["IntegrationUri"] == FUNCTION
    assert len(gateway.pages("GetIntegrations", "Items", 2, **api)) == 1

    target = f"integrations/{one['IntegrationId']}"
    route = gateway.CreateRoute(**api, RouteKey="GET /orders/{id}", Target=target)
    of_route = {**api, "RouteId": route["RouteId"]}
    gateway.UpdateRoute(**of_route, AuthorizationType="AWS_IAM")
    assert gateway.GetRoute(**of_route)["AuthorizationType"] == "AWS_IAM"
    gateway.CreateRoute(**api, RouteKey="$default", Target=target)
    assert len(gateway.pages("GetRoutes", "Items", 1, **api)) == 2

    gateway.CreateStage(**api, StageName="$default", AutoDeploy=True)
    gateway.UpdateStage(**api, StageName="$default", StageVariables={"a": "b"})
    assert gateway.GetStage(**api, StageName="$default")["StageVariables"] == {"a": "b"}
    assert len(gateway.pages("GetStages", "Items", 2, **api)) == 1
    gateway.DeleteStage(**api, StageName="$default")
    gateway.DeleteRoute(**of_route)
    gateway.DeleteIntegration(**one)
    gateway.fails("NotFoundException", 404).GetRoute(**of_route)
    gateway.fails("NotFoundException", 404).GetIntegration(**one)
    gateway.fails("NotFoundException", 404).GetStage(**api, StageName="$default")


def scenario_tags(aws):
    gateway = aws.apigatewayv2
    arn = f"arn:aws:apigateway:us-east-1::/apis/{_api(aws, Tags={'a': '1'})}"
    gateway.TagResource(ResourceArn=arn, Tags={"b": "2"})
    gateway.UntagResource(ResourceArn=arn, TagKeys=["a"])
    assert gateway.GetTags(ResourceArn=arn)["Tags"] == {"b": "2"}
    none = "arn:aws:apigateway:us-east-1::/apis/none"
    gateway.fails("NotFoundException").GetTags(ResourceArn=none)
    gateway.fails("NotFoundException").TagResource(ResourceArn=none, Tags={"b": "2"})
    gateway.fails("NotFoundException").UntagResource(ResourceArn=none, TagKeys=["b"])


def scenario_failures(aws):
    gateway = aws.apigatewayv2
    api = {"ApiId": _api(aws)}
    gateway.fails("BadRequestException").CreateApi(Name="q", ProtocolType="HTTP", Target=FUNCTION)
    gateway.fails("BadRequestException").GetApis(NextToken="nonsense")
    gateway.fails("BadRequestException").CreateRoute(**api, RouteKey="nonsense")
    gateway.fails("BadRequestException").CreateStage(**api, StageName="a/b")
    gateway.CreateRoute(**api, RouteKey="GET /a")
    gateway.fails("ConflictException", 409).CreateRoute(**api, RouteKey="GET /a")
    gateway.CreateStage(**api, StageName="prod")
    gateway.fails("ConflictException", 409).CreateStage(**api, StageName="prod")
    none = {"ApiId": "none"}
    for operation, more in {
        "UpdateApi": {},
        "DeleteApi": {},
        "DeleteCorsConfiguration": {},
        "GetIntegrations": {},
        "GetRoutes": {},
        "GetStages": {},
        "CreateIntegration": {"IntegrationType": "AWS_PROXY"},
        "UpdateIntegration": {"IntegrationId": "none"},
        "DeleteIntegration": {"IntegrationId": "none"},
        "UpdateRoute": {"RouteId": "none"},
        "DeleteRoute": {"RouteId": "none"},
        "UpdateStage": {"StageName": "none"},
        "DeleteStage": {"StageName": "none"},
    }.items():
        getattr(gateway.fails("NotFoundException", 404), operation)(**none, **more)
