import type { Aws } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";
import type { ProjectNames } from "../../config/project-names.ts";

/** Where a project's names came from. */
export type NamedBy = Pick<ProjectNames, "configFile" | "projectDir">;

/**
 * No such stack: never silent, and always with the place that was looked at.
 * @param project where the stack's name came from, of commands that need no settings
 */
export function stackNotFound(
  stackName: string,
  account: string,
  aws: Pick<Aws, "target">,
  project?: NamedBy,
): LmiError {
  const { region, local } = aws.target;
  const guessed = withoutProject(project);
  const elsewhere = "lmi deploy   (or look elsewhere, with --region, --profile or --local)";
  return new LmiError(
    "LMI_STACK_NOT_FOUND",
    `There is no stack ${stackName} in account ${account}, region ${region}.`,
    {
      why:
        guessed ??
        "It was never deployed here, was destroyed, or lives in another account or region.",
      next: guessed ? intoProject : local ? "lmi deploy --local" : elsewhere,
      details: { account, region, stackName },
    },
  );
}

/** In a folder of no project names are guesses, and to deploy it would be none either. */
export function withoutProject(project: NamedBy | undefined): string | undefined {
  if (project === undefined || project.configFile !== undefined) return undefined;
  return `There are no settings in ${project.projectDir} or above it, so the name is that of the folder.`;
}

export const intoProject = "Go to the folder of the project, or name its settings with --config";
