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

/**
 * Whether deploying would change nothing, found without the toolkit library.
 * @param deployed the stack's template as CloudFormation stores it, JSON
 */
export function isUpToDate(
  wanted: Deployable,
  stack: StackState,
  deployed: string | undefined,
): boolean {
  if (!settled.has(stack.status) || !isDeepStrictEqual({ ...stack.tags }, { ...wanted.tags }))
    return false;
  return isDeepStrictEqual(parseTemplate(deployed), normalised(wanted.template));
}

function parseTemplate(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Not JSON, so not a template that lmi wrote: it differs.
    return undefined;
  }
}

/** Drops undefined members, which JSON does not carry. */
function normalised(template: Deployable["template"]): unknown {
  return JSON.parse(JSON.stringify(template));
}
