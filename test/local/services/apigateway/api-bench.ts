import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateIntegrationCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import type { Clock } from "../../../../src/local/clock.ts";
import type { Service } from "../../../../src/local/service.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import { send } from "../lambda/url-bench.ts";

export type Event = Readonly<Record<string, unknown>>;

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";

/** Stands for Lambda: `answer` is the function. */
function lambdaThat(answer: (event: Event) => unknown): Service {
  return {
    name: "lambda",
    operations: {
      Invoke: async (input: InvocationRequest): Promise<InvocationResponse> => {
        if (input.FunctionName !== functionArn) throw new Error(`invoked ${input.FunctionName}`);
        const event = JSON.parse(Buffer.from(input.Payload ?? "").toString()) as Event;
        try {
          const value = JSON.stringify(await answer(event)) ?? "null";
          return { StatusCode: 200, Payload: Buffer.from(value) };
        } catch {
          return { StatusCode: 200, FunctionError: "Unhandled", Payload: Buffer.from("{}") };
        }
      },
    },
  };
}

interface Wanted {
  readonly routes: readonly (string | Partial<CreateRouteCommandInput>)[];
  readonly answer?: (event: Event) => unknown;
  readonly api?: Partial<CreateApiCommandInput>;
  readonly stages?: readonly string[];
  readonly clock?: Clock;
}

/** An HTTP API whose routes all lead to one function. */
export async function startApi({
  routes,
  answer = (event) => event,
  api = {},
  stages = ["$default"],
  clock,
}: Wanted) {
  const lambda = async () => () => lambdaThat(answer);
  const target = await startTestTarget({ services: { lambda }, ...(clock ? { clock } : {}) });
  const client = target.client(ApiGatewayV2Client);
  const { ApiId = "", ApiEndpoint = "" } = await client.send(
    new CreateApiCommand({ Name: "orders", ProtocolType: "HTTP", ...api }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: "AWS_PROXY",
      IntegrationUri: functionArn,
      PayloadFormatVersion: "2.0",
    }),
  );
  for (const route of routes) {
    const settings = typeof route === "string" ? { RouteKey: route } : route;
    const Target = `integrations/${IntegrationId}`;
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: "", Target, ...settings }));
  }
  for (const StageName of stages)
    await client.send(new CreateStageCommand({ ApiId, StageName, AutoDeploy: true }));
  const { hostname } = new URL(ApiEndpoint);
  return {
    target,
    client,
    ApiId,
    ApiEndpoint,
    hostname,
    send: (path: string, sent: Parameters<typeof send>[3] = {}) =>
      send(target.port, sent.host ?? hostname, path, sent),
  };
}
