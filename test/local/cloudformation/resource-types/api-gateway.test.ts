import { beforeEach, describe, expect, it } from "vitest";
import type { Properties } from "../../../../src/local/cloudformation/resource-type.ts";
import { resourceTypes } from "../../../../src/local/cloudformation/resource-types/registry.ts";
import { createApiGatewayService } from "../../../../src/local/services/apigateway/service.ts";
import {
  type Answer,
  inProcessTarget,
  type InProcessTarget,
} from "../../services/in-process-target.ts";
import { resourceContext } from "./resource-context.ts";

let local: InProcessTarget;
beforeEach(() => {
  local = inProcessTarget([createApiGatewayService]);
});

const contextOf = (logicalId: string, token = logicalId) =>
  resourceContext(local, logicalId, { token, stackTags: [{ Key: "team", Value: "orders" }] });

function typeOf(name: string) {
  const type = resourceTypes.get(`AWS::ApiGatewayV2::${name}`);
  if (!type) throw new Error(`${name} is not registered`);
  return type;
}

/** Made as after a restart: twice with the same token, the second time to the same effect. */
async function twice(name: string, properties: Properties): Promise<string> {
  const first = await typeOf(name).create(properties, contextOf(name));
  expect(await typeOf(name).create(properties, contextOf(name))).toEqual(first);
  return first.physicalId;
}

const look = (operation: string, input: object): Promise<Answer> =>
  local.call("apigateway", operation, input);

describe("an HTTP API of a stack", () => {
  it("is made once, with what belongs to it, and its URL is an attribute", async () => {
    const { physicalId: ApiId, attributes } = await typeOf("Api").create(
      { Name: "orders", ProtocolType: "HTTP", Tags: { own: "1" } },
      contextOf("Api"),
    );
    expect(ApiId).toMatch(/^[a-z0-9]{10}$/);
    expect(attributes).toEqual({
      ApiId,
      ApiEndpoint: `http://${ApiId}.execute-api.eu-west-1.localhost:1`,
      ExecuteApiArn: `arn:aws:execute-api:eu-west-1:000000000000:${ApiId}`,
    });
    await twice("Api", { Name: "orders", ProtocolType: "HTTP" });
    const IntegrationId = await twice("Integration", {
      ApiId,
      IntegrationType: "AWS_PROXY",
      IntegrationUri: "arn:aws:lambda:eu-west-1:000000000000:function:f",
      TimeoutInMillis: "5000",
    });
    const Target = `integrations/${IntegrationId}`;
    const RouteId = await twice("Route", { ApiId, RouteKey: "GET /orders", Target });
    await twice("Stage", { ApiId, StageName: "$default", AutoDeploy: "true" });
    expect((await look("GetApis", {})).Items).toMatchObject([
      { Name: "orders", Tags: { team: "orders", own: "1" } },
    ]);
    expect((await look("GetIntegrations", { ApiId })).Items).toMatchObject([
      { IntegrationId, TimeoutInMillis: 5000 },
    ]);
    expect((await look("GetRoutes", { ApiId })).Items).toMatchObject([{ RouteId, Target }]);
    expect((await look("GetStages", { ApiId })).Items).toMatchObject([{ AutoDeploy: true }]);
  });

  it("refuses a stage that somebody else made", async () => {
    const ApiId = await twice("Api", { Name: "orders", ProtocolType: "HTTP" });
    await look("CreateStage", { ApiId, StageName: "prod" });
    const made = typeOf("Stage").create({ ApiId, StageName: "prod" }, contextOf("Stage"));
    await expect(made).rejects.toMatchObject({ code: "ConflictException" });
  });

  it("loses what its template no longer says", async () => {
    const ApiId = await twice("Api", { Name: "orders", ProtocolType: "HTTP" });
    const before = {
      Name: "orders",
      ProtocolType: "HTTP",
      Description: "d",
      CorsConfiguration: { AllowOrigins: ["*"] },
      Tags: { own: "1" },
    };
    const after = { Name: "renamed", ProtocolType: "HTTP" };
    await typeOf("Api").update(ApiId, before, after, contextOf("Api"));
    expect(await look("GetApi", { ApiId })).toMatchObject({ Description: "d", Tags: { own: "1" } });
    await typeOf("Api").update(ApiId, after, before, contextOf("Api"));
    const api = await look("GetApi", { ApiId });
    expect(api).toMatchObject({ Name: "renamed", Description: "", Tags: { team: "orders" } });
    expect(api).not.toHaveProperty("CorsConfiguration");
    expect(api.Tags).not.toHaveProperty("own");

    const RouteId = await twice("Route", {
      ApiId,
      RouteKey: "GET /a",
      AuthorizationType: "AWS_IAM",
    });
    const route = { ApiId, RouteKey: "GET /a", AuthorizationType: "AWS_IAM" };
    const open = { ApiId, RouteKey: "GET /b" };
    await typeOf("Route").update(RouteId, open, route, contextOf("Route"));
    expect(await look("GetRoute", { ApiId, RouteId })).toMatchObject({
      RouteKey: "GET /b",
      AuthorizationType: "NONE",
    });
  });

  it("is deleted, and what is gone already is deleted without an error", async () => {
    const ApiId = await twice("Api", { Name: "orders", ProtocolType: "HTTP" });
    await typeOf("Api").delete(ApiId, {}, contextOf("Api"));
    expect((await look("GetApis", {})).Items).toEqual([]);
    for (const [name, id] of [
      ["Api", ApiId],
      ["Integration", "a"],
      ["Route", "a"],
      ["Stage", "$default"],
    ] as const)
      await typeOf(name).delete(id, { ApiId }, contextOf(name));
  });
});
