import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ChangeSummary, summariseChanges } from "./changes.ts";
import { createMessageBridge } from "./message-bridge.ts";
import { changedTags } from "./stack-tags.ts";
import { type Connected, loadToolkit } from "./toolkit.ts";

export interface DiffRequest {
  /** The cloud assembly; one file is written beside it. */
  readonly assemblyDirectory: string;
  readonly stackName: string;
  /** The deployed template as JSON; undefined where there is no stack. */
  readonly deployedTemplate: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** undefined where there is no stack. */
  readonly deployedTags: Readonly<Record<string, string>> | undefined;
}

/** Compares the assembly's template with the deployed one. Makes no AWS call. */
export async function diffStack(request: DiffRequest, aws: Connected): Promise<ChangeSummary> {
  const { library, toolkit } = await loadToolkit(
    aws,
    createMessageBridge(() => undefined),
  );
  const deployedFile = join(request.assemblyDirectory, "deployed.template.json");
  await writeFile(deployedFile, request.deployedTemplate ?? "{}");
  const source = await toolkit.fromAssemblyDirectory(request.assemblyDirectory);
  const diffs = await toolkit.diff(source, { method: library.DiffMethod.LocalFile(deployedFile) });
  const diff = Object.values(diffs)[0];
  if (diff === undefined)
    throw new Error(
      `The assembly in ${request.assemblyDirectory} has no stack ${request.stackName}.`,
    );
  return summariseChanges(diff, changedTags(request.tags, request.deployedTags));
}
