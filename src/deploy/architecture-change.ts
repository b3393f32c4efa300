import { ExitCode, LmiError } from "../errors.ts";

interface FunctionResource {
  readonly Type?: string;
  readonly Properties?: {
    readonly Architectures?: readonly string[];
    readonly FunctionName?: unknown;
  };
}

/**
 * Refuses an update that Lambda refuses in any order: a function must have its provider's architecture, and
 * CloudFormation moves the function to the new provider and changes its code one after the other.
 * @param deployed the stack's template as CloudFormation stores it, JSON; undefined where there is none
 */
export function refuseArchitectureChange(
  wanted: Readonly<Record<string, unknown>>,
  deployed: string | undefined,
): void {
  if (deployed === undefined) return;
  const before = functionsOf(JSON.parse(deployed) as Readonly<Record<string, unknown>>);
  for (const [id, now] of functionsOf(wanted)) {
    const earlier = before.get(id);
    if (earlier === undefined || earlier.architecture === now.architecture) continue;
    throw new LmiError(
      "LMI_ARCHITECTURE_CHANGE",
      `${now.name} runs on ${earlier.architecture} and cannot become ${now.architecture} in place.`,
      {
        why: "Function and capacity provider must agree at every moment, and CloudFormation changes them one after the other. Nothing was changed.",
        next: "Deploy it beside the old one: lmi deploy --env <name>   or first: lmi destroy",
        exitCode: ExitCode.usage,
      },
    );
  }
}

function functionsOf(template: Readonly<Record<string, unknown>>) {
  const resources = (template["Resources"] ?? {}) as Readonly<Record<string, FunctionResource>>;
  return new Map(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === "AWS::Lambda::Function")
      .map(([id, { Properties }]) => [
        id,
        {
          name: typeof Properties?.FunctionName === "string" ? Properties.FunctionName : id,
          architecture: Properties?.Architectures?.[0] ?? "x86_64",
        },
      ]),
  );
}
