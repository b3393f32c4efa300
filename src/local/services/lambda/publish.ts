import { randomUUID } from "node:crypto";
import type { PublishVersionRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { withState } from "./version-state.ts";
import { functionArn, functionReference } from "./arns.ts";
import type { FunctionDocument, VersionDocument } from "./documents.ts";
import { latest, latestPublished } from "./documents.ts";
import { invalidParameter, preconditionFailed, updateInProgress } from "./failures.ts";
import { resolveFunction, resolveVersion } from "./function-lookup.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { maxVersionsPerProvider } from "./limits.ts";
import { providerNameOf, versionsUsing } from "./provider-use.ts";
import { qualifiedId, versionsOf } from "./store.ts";

/** Lambda's own request has no token: only CloudFormation's handler, which has to be repeatable, gives one. */
export type PublishRequest = PublishVersionRequest & { readonly ClientToken?: string };

/**
 * Publishes `$LATEST`: as `$LATEST.PUBLISHED`, which is replaced each time, or as the next number. On managed instances
 * the version then starts its environments; a number whose code and configuration exist already is that version.
 */
export function publish(
  lambda: LambdaContext,
  input: PublishRequest,
  context: CallContext,
): VersionDocument {
  const { name } = functionReference(input);
  const document = resolveFunction(lambda, name, context);
  const source = resolveVersion(lambda, { FunctionName: name }, context);
  checkSource(source, input, context);
  const managed = source.configuration.CapacityProviderConfig !== undefined;
  if (input.PublishTo && !managed) {
    throw invalidParameter(
      "PublishToLatestPublished or FunctionScalingConfig cannot be specified unless creating a Lambda Managed Instance function",
    );
  }
  const version = input.PublishTo
    ? republished(lambda, document, source, input, context)
    : numbered(lambda, document, source, input, context);
  if (!version.fresh) return version.document;
  lambda.store.transaction(() => {
    const { functionName, qualifier } = version.document;
    lambda.store.versions.put(
      context.region,
      qualifiedId(functionName, qualifier),
      version.document,
    );
    if (!input.PublishTo)
      lambda.store.functions.put(context.region, name, {
        ...document,
        lastVersion: document.lastVersion + 1,
      });
  });
  if (managed) {
    const { qualifier } = version.document;
    lambda.activation.activate({ region: context.region, functionName: name, qualifier });
  }
  return version.document;
}

function refuseWhileChanging(
  { functionName, qualifier, configuration }: VersionDocument,
  context: CallContext,
): void {
  const { State = "", LastUpdateStatus } = configuration;
  const changing = ["Pending", "Deactivating", "Deleting"].includes(State);
  if (changing || LastUpdateStatus === "InProgress")
    throw updateInProgress(functionArn(context, functionName, qualifier));
}

interface Published {
  readonly document: VersionDocument;
  /** Nothing had to be made when false. */
  readonly fresh: boolean;
}

function checkSource(
  { configuration, code }: VersionDocument,
  input: PublishVersionRequest,
  context: CallContext,
): void {
  const { FunctionName = "", State, RevisionId } = configuration;
  if (State === "Deleting") throw updateInProgress(functionArn(context, FunctionName));
  if (input.RevisionId && input.RevisionId !== RevisionId) throw preconditionFailed();
  if (input.CodeSha256 && input.CodeSha256 !== code.sha256) {
    throw invalidParameter(
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  }
}

function republished(
  lambda: LambdaContext,
  document: FunctionDocument,
  source: VersionDocument,
  input: PublishRequest,
  context: CallContext,
): Published {
  const before = lambda.store.versions.get(
    context.region,
    qualifiedId(document.name, latestPublished),
  );
  if (before) refuseWhileChanging(before, context);
  else checkQuota(lambda, source, context);
  const scaling = before?.requestedScaling ?? document.scaling;
  const base: VersionDocument = {
    ...(before ? runningPart(before) : {}),
    ...describedBy(input, copyOf(source, latestPublished, context)),
    ...(scaling ? { requestedScaling: scaling } : {}),
  };
  const keepsServing = before?.serving !== undefined && before.configuration.State === "Active";
  const next = keepsServing
    ? withState(base, { State: "Active", LastUpdateStatus: "InProgress" })
    : creating(base);
  return { document: next, fresh: true };
}

/** What goes on serving while the next one is prepared. */
function runningPart({ serving, instances, appliedScaling }: VersionDocument) {
  return {
    ...(serving ? { serving } : {}),
    ...(instances ? { instances } : {}),
    ...(appliedScaling ? { appliedScaling } : {}),
  };
}

function numbered(
  lambda: LambdaContext,
  { name, lastVersion }: FunctionDocument,
  source: VersionDocument,
  input: PublishRequest,
  context: CallContext,
): Published {
  const last = versionsOf(lambda.store, context.region, name).findLast(
    ({ qualifier }) => !qualifier.startsWith("$"),
  );
  if (last && sameContent(last, source)) {
    if (input.ClientToken !== undefined && input.ClientToken !== last.token) throw exists(last);
    return { document: last, fresh: false };
  }
  checkQuota(lambda, source, context);
  const described: VersionDocument = {
    ...describedBy(input, copyOf(source, String(lastVersion + 1), context)),
    ...(input.ClientToken === undefined ? {} : { token: input.ClientToken }),
  };
  const managed = source.configuration.CapacityProviderConfig !== undefined;
  return {
    document: managed
      ? creating(described)
      : withState(described, { State: "Active", LastUpdateStatus: "Successful" }),
    fresh: true,
  };
}

/** A description of the version's own, over the function's (Lambda API reference, PublishVersion). */
function describedBy({ Description }: PublishRequest, version: VersionDocument): VersionDocument {
  if (!Description) return version;
  return { ...version, configuration: { ...version.configuration, Description } };
}

/** CloudFormation's text (serverless/serverless issue 8392). Lambda itself answers with the version that there is. */
const exists = ({ qualifier }: VersionDocument) =>
  new ServiceError(
    "AlreadyExists",
    `A version for this Lambda function exists ( ${qualifier} ). Modify the function to create a new version.`,
  );

const creating = (version: VersionDocument): VersionDocument =>
  withState(version, {
    State: "Pending",
    StateReason: "The function version is being created.",
    StateReasonCode: "Creating",
    LastUpdateStatus: "InProgress",
  });

function copyOf(
  { functionName, configuration, code }: VersionDocument,
  qualifier: string,
  context: CallContext,
): VersionDocument {
  return {
    functionName,
    qualifier,
    code,
    configuration: {
      ...configuration,
      Version: qualifier,
      FunctionArn: functionArn(context, functionName, qualifier),
      RevisionId: randomUUID(),
    },
  };
}

/** Whether publishing again would change nothing (Lambda API reference, PublishVersion). */
function sameContent(one: VersionDocument, other: VersionDocument): boolean {
  return contentOf(one) === contentOf(other);
}

function contentOf({ configuration, code }: VersionDocument): string {
  const {
    Version: _version,
    FunctionArn: _arn,
    RevisionId: _revision,
    LastModified: _modified,
    Description: _description,
    State: _state,
    StateReason: _reason,
    StateReasonCode: _reasonCode,
    LastUpdateStatus: _status,
    LastUpdateStatusReason: _statusReason,
    LastUpdateStatusReasonCode: _statusCode,
    ...content
  } = configuration;
  return JSON.stringify([
    code.sha256,
    Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

function checkQuota(lambda: LambdaContext, source: VersionDocument, context: CallContext): void {
  const provider = providerNameOf(source.configuration);
  if (provider === undefined) return;
  const published = versionsUsing(lambda.store, context.region, provider).filter(
    ({ qualifier }) => qualifier !== latest,
  );
  if (published.length < maxVersionsPerProvider) return;
  throw new ServiceError(
    "FunctionVersionsPerCapacityProviderLimitExceededException",
    `The maximum number of function versions for the capacity provider has been exceeded: ${maxVersionsPerProvider}`,
  );
}
