import { writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";

export type Outputs = Readonly<Record<string, string>>;

/** `Name  value`, aligned, in the template's order of interest. */
export function renderOutputs(outputs: Outputs): string {
  const names = Object.keys(outputs).toSorted(byInterest);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${outputs[name] ?? ""}`).join("\n");
}

const interest = ["Function", "CapacityProvider", "OperatorRole", "Vpc", "Subnet", "SecurityGroup"];

function byInterest(a: string, b: string): number {
  return rank(a) - rank(b) || a.localeCompare(b, "en");
}

function rank(name: string): number {
  const index = interest.findIndex((prefix) => name.startsWith(prefix));
  return index < 0 ? interest.length : index;
}

/** The names of the deployed functions: `FunctionName`, or `FunctionName<construct id>` for each of several. */
export function deployedFunctions(outputs: Outputs): string[] {
  return valuesOf("FunctionName", outputs);
}

/** The URL of a deployed function, where it has one: `FunctionUrl`, with what its `FunctionName` ends with. */
export function deployedUrl(functionName: string, outputs: Outputs): string | undefined {
  const key = Object.keys(outputs).find(
    (name) => name.startsWith("FunctionName") && outputs[name] === functionName,
  );
  return key === undefined ? undefined : outputs[key.replace("FunctionName", "FunctionUrl")];
}

/** ARNs of the capacity providers: `CapacityProviderArn`, or `CapacityProviderArn<construct id>` for each of several. */
export function deployedProviders(outputs: Outputs): string[] {
  return valuesOf("CapacityProviderArn", outputs);
}

function valuesOf(prefix: string, outputs: Outputs): string[] {
  return Object.keys(outputs)
    .filter((key) => key.startsWith(prefix))
    .toSorted()
    .flatMap((key) => outputs[key] ?? []);
}

/** Writes `{stackName: outputs}`, the form of `cdk deploy --outputs-file`. */
export async function writeOutputsFile(
  file: string,
  cwd: string,
  stackName: string,
  outputs: Outputs,
): Promise<void> {
  const path = resolve(cwd, file);
  try {
    makeFolder(dirname(path), shared);
    await writeFile(path, `${JSON.stringify({ [stackName]: outputs }, undefined, 2)}\n`);
  } catch (error) {
    throw new LmiError("LMI_OUTPUTS_FILE", `The outputs could not be written to ${path}.`, {
      why: `${error instanceof Error ? error.message : String(error)}. The stack itself is deployed.`,
      next: "lmi deploy --outputs-file <a file that can be written>",
      exitCode: ExitCode.failure,
      cause: error,
    });
  }
}
