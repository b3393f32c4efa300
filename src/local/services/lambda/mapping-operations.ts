import type {
  CreateEventSourceMappingRequest,
  ListEventSourceMappingsRequest,
  UpdateEventSourceMappingRequest,
} from "@aws-sdk/client-lambda";
import { randomUUID } from "node:crypto";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { functionArn, functionReference } from "./arns.ts";
import { latest } from "./documents.ts";
import { conflict, invalidParameter, notFound } from "./failures.ts";
import { findVersion } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { isSettled, type MappingDocument, type MappingState } from "./mapping-document.ts";
import type { MappingLifecycle } from "./mapping-lifecycle.ts";
import { changedSettings, kindOf, newSettings } from "./mapping-settings.ts";
import { checkQueue } from "./mapped-queue.ts";
import { page } from "./page.ts";

/** Event source mappings: what polls a source and calls a function. Only queues are really polled here. */
export function mappingOperations(lambda: LambdaContext, lifecycle: MappingLifecycle): Operations {
  const { mappings } = lambda.store;
  const existing = (uuid: string | undefined, context: CallContext) => {
    const document = mappings.get(context.region, uuid ?? "");
    if (!document) throw notFound("The resource you requested does not exist.");
    return document;
  };
  const free = (uuid: string | undefined, verb: string, context: CallContext) => {
    const document = existing(uuid, context);
    if (isSettled(document)) return document;
    throw new ServiceError(
      "ResourceInUseException",
      `Cannot ${verb} the event source mapping because it is in use.`,
      { members: { Type: "User" } },
    );
  };
  const change = (document: MappingDocument, state: MappingState, context: CallContext) => {
    const changed = { ...document, state, lastModified: lambda.target.clock.now().getTime() };
    mappings.put(context.region, document.uuid, changed);
    lifecycle.settle(context.region, document.uuid);
    return presented(changed, context);
  };

  return {
    CreateEventSourceMapping: async (input: CreateEventSourceMappingRequest, context) =>
      change(await newMapping(lambda, input, context), "Creating", context),

    UpdateEventSourceMapping: async (input: UpdateEventSourceMappingRequest, context) => {
      const document = free(input.UUID, "update", context);
      const changed = await changedMapping(lambda, document, input, context);
      const flips = changed.enabled !== document.enabled;
      return change(
        changed,
        flips ? (changed.enabled ? "Enabling" : "Disabling") : "Updating",
        context,
      );
    },

    DeleteEventSourceMapping: async (input: { readonly UUID?: string }, context) =>
      change(free(input.UUID, "delete", context), "Deleting", context),

    GetEventSourceMapping: async (input: { readonly UUID?: string }, context) =>
      presented(existing(input.UUID, context), context),

    ListEventSourceMappings: async (input: ListEventSourceMappingsRequest, context) => {
      const wanted =
        input.FunctionName === undefined
          ? undefined
          : functionReference({ FunctionName: input.FunctionName });
      const found = mappings
        .list(context.region)
        .filter(
          (document) =>
            (input.EventSourceArn === undefined ||
              document.settings.EventSourceArn === input.EventSourceArn) &&
            (wanted === undefined ||
              (document.functionName === wanted.name && document.qualifier === wanted.qualifier)),
        );
      const { items, NextMarker } = page(found, { ...input, MaxItems: input.MaxItems ?? 100 });
      return { EventSourceMappings: items.map((each) => presented(each, context)), NextMarker };
    },
  };
}

async function newMapping(
  lambda: LambdaContext,
  input: CreateEventSourceMappingRequest,
  context: CallContext,
): Promise<MappingDocument> {
  const target = targetOf(lambda, input, context);
  const kind = kindOf(input);
  const settings = newSettings(kind, input);
  refuseTwice(lambda, target, settings.EventSourceArn, context);
  if (kind === "sqs") await checkQueue(lambda, target, settings.EventSourceArn ?? "", context);
  return {
    uuid: randomUUID(),
    ...target,
    kind,
    enabled: input.Enabled ?? true,
    state: "Creating",
    reason: "USER_INITIATED",
    lastModified: 0,
    tags: input.Tags ?? {},
    settings,
  };
}

async function changedMapping(
  lambda: LambdaContext,
  document: MappingDocument,
  input: UpdateEventSourceMappingRequest,
  context: CallContext,
): Promise<MappingDocument> {
  const target = input.FunctionName === undefined ? document : targetOf(lambda, input, context);
  const { functionName, qualifier } = target;
  const settings = changedSettings(document.kind, document.settings, input);
  return {
    ...document,
    functionName,
    qualifier,
    settings,
    enabled: input.Enabled ?? document.enabled,
  };
}

interface Target {
  readonly functionName: string;
  readonly qualifier: string | undefined;
}

function targetOf(
  lambda: LambdaContext,
  input: { readonly FunctionName?: string | undefined },
  context: CallContext,
): Target {
  const { name, qualifier } = functionReference(input);
  // As seen by aws-sam-cli's and localstack's users: not the error of the other operations.
  if (!findVersion(lambda, name, qualifier ?? latest, context))
    throw invalidParameter("Function does not exist");
  return { functionName: name, qualifier };
}

/** Texts as seen in aws/chalice, issue 2146, and aws/serverless-application-model, issue 1320. */
function refuseTwice(
  { store }: LambdaContext,
  target: Target,
  arn: string | undefined,
  { region }: CallContext,
): void {
  if (arn === undefined) return;
  const same = store.mappings
    .list(region)
    .find(
      ({ functionName, qualifier, settings }) =>
        settings.EventSourceArn === arn &&
        functionName === target.functionName &&
        qualifier === target.qualifier,
    );
  if (!same) return;
  const rest = `already exists. Please update or delete the existing mapping with UUID ${same.uuid}`;
  const named = `(" ${arn} ") and function (" ${target.functionName} ")`;
  throw conflict(
    same.kind === "sqs"
      ? `An event source mapping with SQS arn ${named} ${rest}`
      : `The event source arn ${named} provided mapping ${rest}`,
  );
}

function presented(document: MappingDocument, context: CallContext): object {
  const { uuid, settings } = document;
  const { StartingPositionTimestamp: start, ...rest } = settings;
  const { region, accountId } = context;
  return {
    ...rest,
    ...(start === undefined ? {} : { StartingPositionTimestamp: new Date(start * 1000) }),
    ...(document.kind === "sqs" ? {} : { LastProcessingResult: "No records processed" }),
    UUID: uuid,
    EventSourceMappingArn: `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`,
    FunctionArn: functionArn(context, document.functionName, document.qualifier),
    LastModified: new Date(document.lastModified),
    State: document.state,
    StateTransitionReason: document.reason,
  };
}
