import { isRecord } from "../is-record.ts";
import { isDeepStrictEqual } from "node:util";
import type { StackState } from "../aws/ports.ts";

export interface Deployable {
  /** The synthesised template. Asset hashes are part of it, so equal templates mean equal code. */
  readonly template: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** States in which the deployed template is what really exists (CloudFormation user guide, "Stack status codes"). */
const settled = new Set([
  "CREATE_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_ROLLBACK_COMPLETE",
  "IMPORT_COMPLETE",
]);

/** Whether nothing is under way, and the stack is what its template says. */
export function isSettled({ status }: StackState): boolean {
  return settled.has(status);
}

/**
 * Whether deploying would change nothing, found without the toolkit library.
 * @param deployed the stack's template as CloudFormation stores it, JSON
 */
export function isUpToDate(
  wanted: Deployable,
  stack: StackState,
  deployed: string | undefined,
): boolean {
  if (!isSettled(stack) || !isDeepStrictEqual({ ...stack.tags }, { ...wanted.tags })) return false;
  return isDeepStrictEqual(
    withoutVersion(parseTemplate(deployed)),
    withoutVersion(normalised(wanted.template)),
  );
}

function parseTemplate(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Not JSON, so not a template that lmi wrote: it differs.
    return undefined;
  }
}

/** Drops the version of lmi that wrote a template: another one alone changes nothing that runs. */
export function withoutVersion(template: unknown): unknown {
  if (!isRecord(template) || !isRecord(template["Metadata"])) return template;
  const { lmi, ...metadata } = template["Metadata"];
  if (!isRecord(lmi)) return template;
  const { version: _version, ...rest } = lmi;
  return { ...template, Metadata: { ...metadata, lmi: rest } };
}

/** Drops undefined members, which JSON does not carry. */
function normalised(template: Deployable["template"]): unknown {
  return JSON.parse(JSON.stringify(template));
}
