import { ExitCode, LmiError } from "../errors.ts";
import type { TemplateResource, TemplateResources } from "./template-resources.ts";

/**
 * An update that Lambda refuses in any order: a function must have its provider's architecture, and CloudFormation
 * moves the function to the new provider and changes its code one after the other.
 */
export function architectureChanges(
  wanted: TemplateResources,
  deployed: TemplateResources,
): LmiError[] {
  return Object.entries(wanted).flatMap(([id, resource]) => {
    const before = deployed[id];
    if (!isFunction(resource) || before === undefined || !isFunction(before)) return [];
    const [earlier, now] = [architectureOf(before), architectureOf(resource)];
    if (earlier === now) return [];
    return [
      new LmiError(
        "LMI_ARCHITECTURE_CHANGE",
        `${functionName(id, resource)} runs on ${earlier} and cannot become ${now} in place.`,
        {
          why: "Function and capacity provider must agree at every moment, and CloudFormation changes them one after the other. Nothing was changed.",
          next: "Deploy it beside the old one: lmi deploy --env <name>   or first: lmi destroy",
          exitCode: ExitCode.usage,
        },
      ),
    ];
  });
}

export function isFunction({ Type }: TemplateResource): boolean {
  return Type === "AWS::Lambda::Function";
}

/** As Lambda knows it, where the template says so. */
export function functionName(id: string, { Properties }: TemplateResource): string {
  const name = Properties?.["FunctionName"];
  return typeof name === "string" ? name : id;
}

function architectureOf({ Properties }: TemplateResource): string {
  const [own] = (Properties?.["Architectures"] ?? []) as readonly string[];
  return own ?? "x86_64";
}
