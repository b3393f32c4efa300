import { randomBytes } from "node:crypto";
import type {
  CreateFunctionUrlConfigRequest,
  GetFunctionUrlConfigRequest,
  ListFunctionUrlConfigsRequest,
  UpdateFunctionUrlConfigRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { defined } from "./alias-operations.ts";
import { functionArn, functionReference } from "./arns.ts";
import type { AttachmentDocument } from "./documents.ts";
import { checkEnum, conflict, notFound } from "./failures.ts";
import { resolveFunction, resolveVersion } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { page } from "./page.ts";
import { qualifiedId } from "./store.ts";

/** Function URLs; `function-url.ts` answers on them. */
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
      presented(lambda, existing(input, context), context),

    UpdateFunctionUrlConfig: async (
      input: UpdateFunctionUrlConfigRequest,
      context: CallContext,
    ) => {
      checkSettings(input);
      const document = existing(input, context);
      const { FunctionName: _name, Qualifier: _qualifier, ...changes } = input;
      const value = corsOrNone({
        ...document.value,
        ...defined(changes),
        LastModifiedTime: now(),
      });
      const changed = { ...document, value };
      urls.put(context.region, place(input).id, changed);
      return presented(lambda, changed, context);
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
        .map((document) => presented(lambda, document, context));
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
  checkSettings(input);
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
    UrlId: randomBytes(16).toString("hex"),
    FunctionArn: functionArn(context, name, qualifier || undefined),
    AuthType: input.AuthType,
    ...corsOrNone({ Cors: input.Cors }),
    CreationTime: now,
    LastModifiedTime: now,
    InvokeMode: input.InvokeMode ?? "BUFFERED",
  };
  const document = { functionName: name, qualifier, value };
  urls.put(context.region, id, document);
  return presented(lambda, document, context);
}

/** A URL's own part of its name; made up, so that nobody guesses it from the function's name. */
export const functionUrlId = ({ value: { UrlId } }: AttachmentDocument): string =>
  typeof UrlId === "string" ? UrlId : "";

/** With the URL under which it answers now: the target's port may be another one at each start. */
function presented(
  { target }: LambdaContext,
  document: AttachmentDocument,
  { region }: CallContext,
): object {
  const { UrlId: _id, ...value } = document.value;
  const port = new URL(target.endpoint()).port;
  const host = `${functionUrlId(document)}.lambda-url.${region}.localhost`;
  return { FunctionUrl: `http://${host}:${port}/`, ...value };
}

/** A CORS configuration without members is none: the function then answers for itself. */
function corsOrNone<Value extends { readonly Cors?: unknown }>(value: Value) {
  const { Cors, ...rest } = value;
  const isNone = typeof Cors !== "object" || Cors === null || Object.keys(Cors).length === 0;
  return isNone ? rest : { ...rest, Cors };
}

/** Source: botocore service model. */
function checkSettings(
  input: CreateFunctionUrlConfigRequest | UpdateFunctionUrlConfigRequest,
): void {
  checkEnum("authType", input.AuthType, ["NONE", "AWS_IAM"]);
  checkEnum("invokeMode", input.InvokeMode, ["BUFFERED", "RESPONSE_STREAM"]);
}

function place(input: GetFunctionUrlConfigRequest) {
  const { name, qualifier = "" } = functionReference(input);
  return { name, qualifier, id: qualifiedId(name, qualifier) };
}
