import type {
  GetFunctionEventInvokeConfigRequest,
  PutFunctionEventInvokeConfigRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { defined } from "./alias-operations.ts";
import { functionArn, functionReference } from "./arns.ts";
import { latest } from "./documents.ts";
import { notFound } from "./failures.ts";
import { resolveVersion } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { qualifiedId } from "./store.ts";

/** Settings of asynchronous invokes; the queue of events follows them. */
export function eventInvokeOperations(lambda: LambdaContext): Operations {
  const { eventInvokeConfigs } = lambda.store;

  const place = (input: GetFunctionEventInvokeConfigRequest, context: CallContext) => {
    const { name, qualifier = latest } = functionReference(input);
    const id = qualifiedId(name, qualifier);
    return { name, qualifier, id, document: eventInvokeConfigs.get(context.region, id) };
  };
  const put = (input: PutFunctionEventInvokeConfigRequest, keep: boolean, context: CallContext) => {
    const { name, qualifier, id, document } = place(input, context);
    resolveVersion(lambda, input, context);
    const { FunctionName: _name, Qualifier: _qualifier, ...settings } = input;
    const value = {
      ...(keep ? document?.value : { DestinationConfig: { OnSuccess: {}, OnFailure: {} } }),
      ...defined(settings),
      FunctionArn: functionArn(context, name, qualifier),
      // The SDK's dates; a document keeps them as seconds.
      LastModified: Math.floor(lambda.target.clock.now().getTime() / 1000),
    };
    eventInvokeConfigs.put(context.region, id, { functionName: name, qualifier, value });
    return answer(value);
  };
  const existing = (input: GetFunctionEventInvokeConfigRequest, context: CallContext) => {
    const { name, qualifier, id, document } = place(input, context);
    if (!document)
      throw notFound(
        `The function ${functionArn(context, name, qualifier)} doesn't have an EventInvokeConfig`,
      );
    return { id, document };
  };

  return {
    PutFunctionEventInvokeConfig: async (
      input: PutFunctionEventInvokeConfigRequest,
      context: CallContext,
    ) => put(input, false, context),
    UpdateFunctionEventInvokeConfig: async (
      input: PutFunctionEventInvokeConfigRequest,
      context: CallContext,
    ) => {
      existing(input, context);
      return put(input, true, context);
    },
    GetFunctionEventInvokeConfig: async (
      input: GetFunctionEventInvokeConfigRequest,
      context: CallContext,
    ) => answer(existing(input, context).document.value),
    DeleteFunctionEventInvokeConfig: async (
      input: GetFunctionEventInvokeConfigRequest,
      context: CallContext,
    ) => {
      eventInvokeConfigs.delete(context.region, existing(input, context).id);
      return {};
    },
  };
}

function answer(value: Readonly<Record<string, unknown>>): object {
  return { ...value, LastModified: new Date(Number(value["LastModified"]) * 1000) };
}
