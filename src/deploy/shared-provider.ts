import { awsCommand } from "../aws/aws-command.ts";
import type { VersionUse } from "../aws/ports.ts";
import { ExitCode, LmiError } from "../errors.ts";
import type { DeployContext } from "./deploy-context.ts";
import { projectTag } from "./stack-condition.ts";

interface Guest {
  readonly functionName: string;
  readonly versions: readonly string[];
  /** Name of its stack. */
  readonly stackName: string | undefined;
  /** What its owner types to take it off the provider. */
  readonly command: string;
}

/**
 * The failure for versions of others on a provider that is to go: Lambda deletes no provider that is in use, and
 * nobody but their owner may delete them. LMI_PROVIDER_SHARED, exit code 2, before anything is deleted.
 */
export async function sharedProvider(
  uses: readonly VersionUse[],
  context: Pick<DeployContext, "aws">,
): Promise<LmiError> {
  const names = [...new Set(uses.map(({ functionName }) => functionName))];
  const guests = await Promise.all(names.map((name) => guestOf(name, uses, context)));
  const [one] = guests;
  const what = names.length === 1 ? `function ${names[0]}` : `${names.length} functions`;
  return new LmiError(
    "LMI_PROVIDER_SHARED",
    `The capacity provider is also used by ${what} of somebody else.`,
    {
      why: [
        "Lambda deletes no provider that is in use, and lmi touches nothing that is not the stack's. Nothing was deleted.",
        ...guests.map(lineOf),
      ].join("\n"),
      next: ["Their owners take them off it:", ...guests.map(({ command }) => command)].join("\n"),
      exitCode: ExitCode.usage,
      details: { functions: guests, functionName: one?.functionName },
    },
  );
}

function lineOf({ functionName, versions, stackName }: Guest): string {
  const owner = stackName === undefined ? "in no stack" : `of stack ${stackName}`;
  return `  ${functionName}  ${owner}: ${versions.join(", ")}`;
}

async function guestOf(
  functionName: string,
  uses: readonly VersionUse[],
  context: Pick<DeployContext, "aws">,
): Promise<Guest> {
  const { aws } = context;
  const versions = uses
    .filter((use) => use.functionName === functionName)
    .map(({ version }) => version);
  const stackName = await unlessRefused(() => aws.stackRemovals.owner(functionName));
  const command = await commandFor({ functionName, versions, stackName }, context);
  return { functionName, versions, stackName, command };
}

async function commandFor(
  { functionName, versions, stackName }: Omit<Guest, "command">,
  { aws }: Pick<DeployContext, "aws">,
): Promise<string> {
  const numbers = versions.filter((version) => /^\d+$/.test(version));
  // A function that is elsewhere by now: only its old versions are here.
  if (numbers.length === versions.length)
    return numbers
      .map((number) =>
        awsCommand(
          aws.target,
          `lambda delete-function --function-name ${functionName} --qualifier ${number}`,
        ),
      )
      .join("\n");
  if (stackName === undefined)
    return awsCommand(aws.target, `lambda delete-function --function-name ${functionName}`);
  const stack = await unlessRefused(() => aws.stacks.find(stackName));
  const project = stack?.tags[projectTag];
  return project === undefined
    ? awsCommand(aws.target, `cloudformation delete-stack --stack-name ${stackName}`)
    : `lmi destroy   (in the folder of project ${project})`;
}

/** Who owns a function is told where it can be found out. */
async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LmiError) return undefined;
    throw error;
  }
}
