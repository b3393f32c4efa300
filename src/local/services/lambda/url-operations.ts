import { createHash } from "node:crypto";
import type {
  CreateFunctionUrlConfigRequest,
  GetFunctionUrlConfigRequest,
  ListFunctionUrlConfigsRequest,
  UpdateFunctionUrlConfigRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { defined } from "./alias-operations.ts";
import { functionArn, functionReference } from "./arns.ts";
import { conflict, notFound } from "./failures.ts";
import { resolveFunction, resolveVersion } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { page } from "./page.ts";
import { qualifiedId } from "./store.ts";

/** Function URLs are kept and shown; the local target does not answer on them yet. */
export function urlOperations(lambda: LambdaContext): Operations {
  const { urls } = lambda.store;
  const now = () => lambda.target.clock.now().toISOString();

  const existing = (input: GetFunctionUrlConfigRequest, context: CallContext) => {
    const document = urls.get(context.region, place(input).id);
    if (!document) throw notFound("The resource you requested does not exist.");
    return document;
  };

  return {
    CreateFunctionUrlConfig: async (input: CreateFunctionUrlConfigRequest, context: CallContext) =>
      create(lambda, input, context),

    GetFunctionUrlConfig: async (input: GetFunctionUrlConfigRequest, context: CallContext) =>
      existing(input, context).value,

    UpdateFunctionUrlConfig: async (
      input: UpdateFunctionUrlConfigRequest,
      context: CallContext,
    ) => {
      const document = existing(input, context);
      const { FunctionName: _name, Qualifier: _qualifier, ...changes } = input;
      const value = { ...document.value, ...defined(changes), LastModifiedTime: now() };
      urls.put(context.region, place(input).id, { ...document, value });
      return value;
    },

    DeleteFunctionUrlConfig: async (input: GetFunctionUrlConfigRequest, context: CallContext) => {
      existing(input, context);
      urls.delete(context.region, place(input).id);
      return {};
    },

    ListFunctionUrlConfigs: async (input: ListFunctionUrlConfigsRequest, context: CallContext) => {
      const { name } = functionReference({ FunctionName: input.FunctionName });
      resolveFunction(lambda, name, context);
      const all = urls
        .list(context.region)
        .filter(({ functionName }) => functionName === name)
        .map(({ value }) => value);
      const { items, NextMarker } = page(all, input);
      return { FunctionUrlConfigs: items, NextMarker };
    },
  };
}

function create(
  lambda: LambdaContext,
  input: CreateFunctionUrlConfigRequest,
  context: CallContext,
): object {
  const { urls } = lambda.store;
  const { name, qualifier, id } = place(input);
  resolveVersion(lambda, input, context);
  if (urls.get(context.region, id)) {
    throw conflict(
      `Failed to create function url config for [functionArn = ${functionArn(context, name)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    );
  }
  const now = lambda.target.clock.now().toISOString();
  const value = {
    FunctionUrl: functionUrl(lambda, context, id),
    FunctionArn: functionArn(context, name, qualifier || undefined),
    AuthType: input.AuthType,
    ...(input.Cors ? { Cors: input.Cors } : {}),
    CreationTime: now,
    LastModifiedTime: now,
    InvokeMode: input.InvokeMode ?? "BUFFERED",
  };
  urls.put(context.region, id, { functionName: name, qualifier, value });
  return value;
}

function place(input: GetFunctionUrlConfigRequest) {
  const { name, qualifier = "" } = functionReference(input);
  return { name, qualifier, id: qualifiedId(name, qualifier) };
}

/** `http://<id>.lambda-url.<region>.localhost:PORT/`; names under localhost are this machine. */
function functionUrl({ target }: LambdaContext, { region }: CallContext, id: string): string {
  const host = createHash("sha256").update(`${region}/${id}`).digest("hex").slice(0, 32);
  return `http://${host}.lambda-url.${region}.localhost:${new URL(target.endpoint()).port}/`;
}
