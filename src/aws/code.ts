import type {
  FunctionConfiguration,
  UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";

import { LmiError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type { Code, CodeState } from "./ports.ts";

export function createCode({ target }: Connection, lambda: LambdaConnection): Code {
  const change = async <T>(
    functionName: string,
    call: (connection: Awaited<ReturnType<LambdaConnection>>) => Promise<T>,
  ): Promise<T> =>
    explained(target, async () => {
      try {
        return await call(await lambda());
      } catch (error) {
        throw refusal(error, functionName) ?? error;
      }
    });
  return {
    find: (name, qualifier) => explained(target, () => find(name, qualifier, lambda)),
    update: ({ functionName, revisionId, source }) =>
      change(functionName, async ({ sdk, client }) => {
        const code =
          "zip" in source
            ? { ZipFile: source.zip }
            : { S3Bucket: source.bucket, S3Key: source.key };
        const input = { FunctionName: functionName, ...revision(revisionId), ...code };
        return toState(functionName, await client.send(new sdk.UpdateFunctionCodeCommand(input)));
      }),
    configure: ({ functionName, revisionId, change: members }) =>
      change(functionName, async ({ sdk, client }) => {
        const input: UpdateFunctionConfigurationCommandInput = {
          ...members,
          FunctionName: functionName,
          ...revision(revisionId),
        };
        const command = new sdk.UpdateFunctionConfigurationCommand(input);
        return toState(functionName, await client.send(command));
      }),
    publish: ({ functionName, revisionId, codeSha256, description }) =>
      change(functionName, async ({ sdk, client }) => {
        const command = new sdk.PublishVersionCommand({
          FunctionName: functionName,
          PublishTo: "LATEST_PUBLISHED",
          CodeSha256: codeSha256,
          Description: description,
          ...revision(revisionId),
        });
        await client.send(command);
      }),
  };
}

function revision(id: string | undefined): { readonly RevisionId?: string } {
  return id === undefined ? {} : { RevisionId: id };
}

async function find(
  name: string,
  qualifier: string | undefined,
  lambda: LambdaConnection,
): Promise<CodeState | undefined> {
  const { sdk, client } = await lambda();
  try {
    const input = {
      FunctionName: name,
      ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
    };
    return toState(name, await client.send(new sdk.GetFunctionConfigurationCommand(input)));
  } catch (error) {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw error;
  }
}

/**
 * What a change is refused with because of another change (Lambda API reference, UpdateFunctionCode and PublishVersion:
 * ResourceConflictException, PreconditionFailedException; a hash that differs is an InvalidParameterValueException).
 */
function refusal(error: unknown, functionName: string): LmiError | undefined {
  if (!(error instanceof Error)) return undefined;
  const details = { functionName };
  if (error.name === "ResourceConflictException") {
    return new LmiError("LMI_FUNCTION_BUSY", `Function ${functionName} is being changed.`, {
      why: error.message,
      next: "Wait for it: lmi status",
      details,
      cause: error,
    });
  }
  const isStale =
    error.name === "PreconditionFailedException" ||
    (error.name === "InvalidParameterValueException" && /^CodeSHA256 /i.test(error.message));
  if (!isStale) return undefined;
  return new LmiError(
    "LMI_OVERTAKEN",
    `Function ${functionName} was changed by somebody else meanwhile.`,
    { why: error.message, next: "Look at it: lmi status", details, cause: error },
  );
}

function toState(name: string, answer: FunctionConfiguration): CodeState {
  const modified = Date.parse(answer.LastModified ?? "");
  return {
    functionName: answer.FunctionName ?? name,
    codeSha256: answer.CodeSha256 ?? "",
    codeSize: answer.CodeSize ?? 0,
    revisionId: answer.RevisionId,
    lastModified: Number.isNaN(modified) ? undefined : new Date(modified),
    description: answer.Description === "" ? undefined : answer.Description,
    state: answer.State,
    lastUpdateStatus: answer.LastUpdateStatus,
    lastUpdateStatusReason: answer.LastUpdateStatusReason,
    properties: { ...answer },
  };
}
