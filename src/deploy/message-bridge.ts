import type {
  IIoHost,
  IoMessage,
  IoRequest,
  PublishAsset,
  SdkTrace,
  StackActivity,
} from "@aws-cdk/toolkit-lib";
import { rememberFailedCall } from "../aws/failed-call.ts";
import type { DeployEvent, DeployListener } from "./deploy-event.ts";

/**
 * The toolkit library's host: turns its coded messages into deploy events. Only codes are a contract of the
 * library (its message registry), texts and levels are not. Questions are answered yes: whether to deploy
 * was asked and answered before the library was told to.
 */
export function createMessageBridge(listener: DeployListener, signal?: AbortSignal): IIoHost {
  return {
    notify: async (message) => {
      // The library has no way to be stopped, but waits for its host, which it tells something at every poll.
      // An error would end it too, but where nobody catches it the whole process.
      if (signal?.aborted) return new Promise<never>(() => undefined);
      if (message.code === "CDK_SDK_I0100") rememberFailedCalls(message);
      const event = eventOf(message);
      if (event !== undefined) listener(event);
      return undefined;
    },
    requestResponse: async <T>(request: IoRequest<unknown, T>): Promise<T> => {
      listener({ type: "note", level: "detail", message: firstLine(request.message) });
      return answer(request);
    },
  };
}

/** What the library's SDK clients tell their logger: which call ended in which error (SdkTrace). */
function rememberFailedCalls({ data }: IoMessage<unknown>): void {
  for (const content of (data as SdkTrace).content) rememberFailedCall(content);
}

function answer<T>(request: IoRequest<unknown, T>): T {
  // Yes or no is all that deploy and bootstrap ask (I5060 deploy, I5050 roll back first); other kinds, such
  // as an MFA code, keep the library's default, which lets it fail with its own words.
  return typeof request.defaultResponse === "boolean" ? (true as T) : request.defaultResponse;
}

function eventOf(message: IoMessage<unknown>): DeployEvent | undefined {
  switch (message.code) {
    case "CDK_TOOLKIT_I5502":
      return resourceEvent(message.data as StackActivity);
    case "CDK_TOOLKIT_I5501":
      // The library begins to watch the stack when it has asked for the execution, not before.
      return { type: "execution" };
    case "CDK_TOOLKIT_I5220":
      return {
        type: "asset",
        message: `publishing ${(message.data as PublishAsset).asset.displayName(false)}`,
      };
    case undefined:
    default:
      return note(message);
  }
}

function note(message: IoMessage<unknown>): DeployEvent | undefined {
  const text = firstLine(message.message);
  if (text === "" || message.level === "trace") return undefined;
  const isWarning = message.level === "warn" && !isUncoded(message);
  return { type: "note", level: isWarning ? "warning" : "detail", message: text };
}

/** Codes that end in 0000 are the library's free text, which speaks of flags of `cdk` that lmi does not have. */
function isUncoded({ code }: IoMessage<unknown>): boolean {
  return code === undefined || code.endsWith("0000");
}

function resourceEvent({ event, progress }: StackActivity): DeployEvent {
  return {
    type: "resource",
    time: event.Timestamp ?? new Date(0),
    logicalId: event.LogicalResourceId ?? "",
    physicalId: event.PhysicalResourceId || undefined,
    resourceType: event.ResourceType ?? "",
    status: event.ResourceStatus ?? "",
    reason: event.ResourceStatusReason,
    progress: counted(progress),
  };
}

/** The library counts a rollback's events on top; a count beyond its total says nothing. */
function counted({ completed, total }: StackActivity["progress"]): string | undefined {
  return total === undefined || completed > total ? undefined : `${completed} of ${total}`;
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
