import { describe, expect, it } from "vitest";
import { ofType, properties, templateOf } from "../template.ts";
import { type EventInput, functionArn, problemsOf, templateWith, withEvents } from "./pushing.ts";

const only = (template: Awaited<ReturnType<typeof templateOf>>, type: string) => {
  const found = ofType(template, type);
  expect(found).toHaveLength(1);
  return { id: found[0]?.[0] ?? "", own: found[0]?.[1].Properties ?? {}, resource: found[0]?.[1] };
};

describe("a rule", () => {
  it("sends what matches to the function, which permits this rule alone", async () => {
    const template = await templateWith({
      type: "rule",
      pattern: { source: ["shop"] },
      bus: "orders",
      inputPath: "$.detail",
    });
    const { id, own } = only(template, "AWS::Events::Rule");
    expect(own).toEqual({
      EventPattern: { source: ["shop"] },
      EventBusName: "orders",
      State: "ENABLED",
      Targets: [{ Id: "Function", Arn: functionArn, InputPath: "$.detail" }],
    });
    expect(only(template, "AWS::Lambda::Permission").own).toEqual({
      Action: "lambda:InvokeFunction",
      FunctionName: functionArn,
      Principal: "events.amazonaws.com",
      SourceArn: { "Fn::GetAtt": [id, "Arn"] },
    });
  });

  it.each<[string, EventInput, string]>([
    [
      "an empty pattern",
      { type: "rule", pattern: {} },
      "0.pattern: cannot be used: Empty objects are not allowed",
    ],
    [
      "a field without a list",
      { type: "rule", pattern: { detail: { state: "running" } } },
      '0.pattern: cannot be used at detail.state: "state" must be an object or an array',
    ],
    [
      "a comparison that there is not",
      { type: "rule", pattern: { $or: [{ source: ["a"] }, { detail: { n: [{ foo: 1 }] } }] } },
      "0.pattern: cannot be used at $or.detail.n: Unrecognized match type foo",
    ],
    [
      "a comparison without its number",
      { type: "rule", pattern: { detail: { total: [{ numeric: [">"] }] } } },
      "0.pattern: cannot be used at detail.total: Each numeric operator must be followed by a number",
    ],
    [
      "a filter of a queue that is no pattern",
      { type: "sqs", filters: [{ body: { a: [1] } }, { body: "a" }] },
      '0.filters.1: cannot be used at body: "body" must be an object or an array',
    ],
    [
      "a filter of a topic that is no pattern",
      { type: "sns", filter: { kind: [{ prefix: 1 }] } },
      "0.filter: cannot be used at kind: prefix match pattern must be a string",
    ],
    [
      "two inputs",
      { type: "rule", pattern: { source: ["a"] }, input: {}, inputPath: "$" },
      "0.inputPath: cannot be together with input",
    ],
  ])("is refused with %s", (_what, event, problem) => {
    expect(problemsOf([event])).toEqual([expect.stringContaining(problem)]);
  });
});

describe("an s3 event without a bucket", () => {
  it("makes one that sends its events to EventBridge, and a rule for them", async () => {
    const template = await templateWith({
      type: "s3",
      prefix: "in/",
      kinds: ["created", "removed"],
    });
    const bucket = only(template, "AWS::S3::Bucket");
    expect(bucket.own).toMatchObject({
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true },
    });
    expect(only(template, "AWS::Events::Rule").own["EventPattern"]).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created", "Object Deleted"],
      detail: { bucket: { name: [{ Ref: bucket.id }] }, object: { key: [{ prefix: "in/" }] } },
    });
    expect(template.Outputs?.["OrdersLambdaS3BucketName"]).toMatchObject({
      Value: { Ref: bucket.id },
    });
  });

  it("keeps nothing else from being deleted where the bucket is not empty", async () => {
    const { own, resource } = only(await templateWith({ type: "s3" }), "AWS::S3::Bucket");
    expect(resource?.DependsOn).toBeUndefined();
    expect(JSON.stringify(own)).not.toContain("OrdersLambda");
  });

  it("names it as asked, with the environment", async () => {
    const template = await templateOf(withEvents([{ type: "s3", bucketName: "uploads" }]), "Prod");
    expect(only(template, "AWS::S3::Bucket").own["BucketName"]).toBe("uploads-prod");
  });
});

describe("an s3 event of a bucket that exists", () => {
  it("is a rule for what the bucket sends to EventBridge", async () => {
    const template = await templateWith({
      type: "s3",
      bucket: "uploads",
      prefix: "in/a*b",
      suffix: ".json",
    });
    expect(ofType(template, "AWS::S3::Bucket")).toEqual([]);
    expect(only(template, "AWS::Events::Rule").own["EventPattern"]).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: ["uploads"] },
        object: { key: [{ wildcard: String.raw`in/a\*b*.json` }] },
      },
    });
  });

  it("says what the bucket needs, until it is said to have it", () => {
    expect(problemsOf([{ type: "s3", bucket: "uploads" }])).toEqual([
      expect.stringMatching(/^0\.bucket: must send its events to EventBridge/),
    ]);
    expect(problemsOf([{ type: "s3", bucket: "uploads", eventBridge: true }])).toEqual([]);
  });

  it.each<[EventInput, string]>([
    [{ type: "s3", bucket: "uploads", eventBridge: true, bucketName: "new-one" }, "0.bucketName"],
    [{ type: "s3", eventBridge: true }, "0.eventBridge"],
  ])("refuses settings of the other kind: %j", (event, where) => {
    expect(problemsOf([event])).toEqual([expect.stringContaining(`${where}: says something of`)]);
  });
});

describe("an sns event", () => {
  it("makes a topic, subscribes the function to it and permits it alone", async () => {
    const template = await templateWith({
      type: "sns",
      filter: { kind: ["order"] },
      filterScope: "body",
    });
    const topic = only(template, "AWS::SNS::Topic");
    expect(only(template, "AWS::SNS::Subscription").own).toEqual({
      TopicArn: { Ref: topic.id },
      Protocol: "lambda",
      Endpoint: functionArn,
      FilterPolicy: { kind: ["order"] },
      FilterPolicyScope: "MessageBody",
    });
    expect(only(template, "AWS::Lambda::Permission").own).toMatchObject({
      Principal: "sns.amazonaws.com",
      SourceArn: { Ref: topic.id },
    });
    expect(template.Outputs?.["OrdersLambdaSnsTopicArn"]).toMatchObject({
      Value: { Ref: topic.id },
    });
  });

  it("subscribes to a topic that exists, in its own region", async () => {
    const arn = "arn:aws:sns:eu-west-1:123456789012:orders";
    const template = await templateWith({
      type: "sns",
      arn,
      deadLetterArn: "arn:aws:sqs:us-east-1:123456789012:failed",
    });
    expect(ofType(template, "AWS::SNS::Topic")).toEqual([]);
    expect(only(template, "AWS::SNS::Subscription").own).toMatchObject({
      TopicArn: arn,
      Region: "eu-west-1",
      RedrivePolicy: { deadLetterTargetArn: "arn:aws:sqs:us-east-1:123456789012:failed" },
    });
  });

  it.each<[EventInput, string]>([
    [{ type: "sns", arn: "arn:aws:sns:us-east-1:123456789012:a.fifo" }, "0.arn: is a FIFO topic"],
    [
      { type: "sns", arn: "arn:aws:sns:us-east-1:123456789012:a", topicName: "b" },
      "0.topicName: says something of the topic that lmi makes",
    ],
    [{ type: "sns", filterScope: "body" }, "0.filterScope: says what filter looks at"],
  ])("is refused: %j", (event, problem) => {
    expect(problemsOf([event])).toEqual([expect.stringContaining(problem)]);
  });
});

const routeIds = async (...routes: string[]) =>
  ofType(await templateWith({ type: "http", routes }), "AWS::ApiGatewayV2::Route").map(
    ([id]) => id,
  );

describe("an http event", () => {
  it("makes an HTTP API whose routes call the function, with IAM unless it says otherwise", async () => {
    const template = await templateWith({ type: "http", routes: ["GET /orders/{id}"] });
    const api = only(template, "AWS::ApiGatewayV2::Api");
    expect(api.own).toMatchObject({ ProtocolType: "HTTP", Name: "lmi-hello-orders" });
    expect(only(template, "AWS::ApiGatewayV2::Integration").own).toEqual({
      ApiId: { Ref: api.id },
      IntegrationType: "AWS_PROXY",
      IntegrationUri: functionArn,
      PayloadFormatVersion: "2.0",
    });
    expect(only(template, "AWS::ApiGatewayV2::Route").own).toEqual({
      ApiId: { Ref: api.id },
      RouteKey: "GET /orders/{id}",
      AuthorizationType: "AWS_IAM",
      Target: { "Fn::Join": ["", ["integrations/", { Ref: "OrdersLambdaHttpIntegration" }]] },
    });
    expect(only(template, "AWS::ApiGatewayV2::Stage").own).toMatchObject({
      StageName: "$default",
      AutoDeploy: true,
    });
    expect(JSON.stringify(only(template, "AWS::Lambda::Permission").own["SourceArn"])).toContain(
      JSON.stringify({ Ref: api.id }),
    );
    expect(template.Outputs?.["OrdersLambdaHttpUrl"]).toMatchObject({
      Value: { "Fn::Join": ["", [{ "Fn::GetAtt": [api.id, "ApiEndpoint"] }, "/"]] },
    });
  });

  it("has its stage in the URL, and CORS in API Gateway's words", async () => {
    const template = await templateWith({
      type: "http",
      auth: "none",
      stage: "v1",
      cors: { allowOrigins: ["https://example.com"], maxAge: 60 },
    });
    expect(properties(template, "OrdersLambdaHttpApi")["CorsConfiguration"]).toEqual({
      AllowOrigins: ["https://example.com"],
      MaxAge: 60,
    });
    expect(only(template, "AWS::ApiGatewayV2::Route").own["AuthorizationType"]).toBe("NONE");
    expect(JSON.stringify(template.Outputs?.["OrdersLambdaHttpUrl"])).toContain('"/v1/"');
  });

  it("keeps the ids of its routes when others come", async () => {
    const [first] = await routeIds("GET /a");
    expect(await routeIds("POST /b", "GET /a")).toContain(first);
  });

  it.each<[EventInput, string]>([
    [{ type: "http", routes: ["GET /a", "GET /a"] }, "0.routes.1: is there twice: GET /a"],
    [{ type: "http", routes: ["GET /{a+}/b"] }, "0.routes.0: must have {name} as a whole part"],
    [{ type: "http", routes: ["GET /a{b}"] }, "0.routes.0: must have {name} as a whole part"],
    [{ type: "http", routes: ["GET /a//b"] }, "0.routes.0: must not have an empty part"],
    [{ type: "http", routes: ["GET /{a}/{a+}"] }, "0.routes.0: must not have {a} twice"],
    [
      { type: "http", cors: { allowCredentials: true, allowOrigins: ["*"] } },
      "0.cors.allowOrigins: must name origins",
    ],
  ])("is refused: %j", (event, problem) => {
    expect(problemsOf([event])).toEqual([expect.stringContaining(problem)]);
  });

  it("warns of a function that may take longer than API Gateway waits", () => {
    expect(problemsOf([{ type: "http" }], { timeout: 31 })).toEqual([
      expect.stringContaining("waits at most 30 seconds, and the function may take 31"),
    ]);
    expect(problemsOf([{ type: "http" }], { timeout: 30 })).toEqual([]);
  });
});
