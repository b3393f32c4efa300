import { importersOf } from "../exports.ts";
import type { OutputRecord } from "../stack-record.ts";
import { validationError } from "../template/template.ts";
import type { LiveModel } from "./model.ts";
import { stackOf } from "./run.ts";
import type { Run } from "./run.ts";

/** Computes the outputs whose condition holds. */
export async function stackOutputs(model: LiveModel): Promise<OutputRecord[]> {
  const active = Object.entries(model.template.Outputs).filter(
    ([, output]) => output.Condition === undefined || model.condition(output.Condition),
  );
  return Promise.all(
    active.map(async ([key, output]) => {
      const value = await model.value(output.Value);
      if (!isScalar(value)) {
        throw validationError(
          `Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`,
        );
      }
      const exportName = output.Export ? String(await model.value(output.Export.Name)) : undefined;
      return { key, value: String(value), description: output.Description, exportName };
    }),
  );
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** Refuses names that another stack exports, and changes to exports that other stacks use. */
export function checkExports(run: Run, outputs: readonly OutputRecord[]): void {
  const stacks = run.store.stacks(run.region).filter(({ status }) => status !== "DELETE_COMPLETE");
  const named = new Map(
    outputs.flatMap((output) =>
      output.exportName ? [[output.exportName, output.value] as const] : [],
    ),
  );
  for (const other of stacks) {
    if (other.stackId === run.stackId) continue;
    const taken = other.outputs.find(
      ({ exportName }) => exportName !== undefined && named.has(exportName),
    );
    if (taken) {
      throw validationError(
        `Export with name ${taken.exportName} is already exported by stack ${other.stackName}.`,
      );
    }
  }
  for (const { exportName, value } of stackOf(run).outputs) {
    if (exportName === undefined || named.get(exportName) === value) continue;
    const users = importersOf(stacks, exportName);
    if (users.length > 0) {
      const verb = named.has(exportName) ? "updated" : "deleted";
      throw validationError(
        `Export ${exportName} cannot be ${verb} as it is in use by ${users.join(" and ")}`,
      );
    }
  }
}
