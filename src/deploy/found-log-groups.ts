import { awsCommand } from "../aws/aws-command.ts";
import type { LogGroupState } from "../aws/ports.ts";
import { ExitCode, LmiError } from "../errors.ts";
import type { ChangeSummary } from "./changes.ts";
import type { DeployContext } from "./deploy-context.ts";
import { projectTag } from "./stack-condition.ts";
import { resourcesOf } from "./template-resources.ts";

/** A log group that would be new, and that is there already. */
export interface FoundLogGroup extends LogGroupState {
  readonly logicalId: string;
  /** Name of the stack that has it. */
  readonly owner: string | undefined;
}

/** Whose log groups a deploy may take into its stack. */
export interface LogGroupClaim {
  readonly project: string;
  readonly stackName: string;
  /** Also those that nothing says to be this project's (`--adopt-logs`). */
  readonly adopts: boolean;
}

export interface FoundLogGroups {
  /** What `destroy --keep-logs` has left, or a deployment that was rolled back: taken back with what is in it. */
  readonly kept: readonly FoundLogGroup[];
  /** Others that are in the way: CloudFormation would say so only after it has begun. */
  readonly taken: readonly LmiError[];
}

/** CloudFormation's own tag, which stays on what it leaves behind (user guide, "Resource tags"). */
const stackTag = "aws:cloudformation:stack-name";

export async function foundLogGroups(
  wanted: Readonly<Record<string, unknown>>,
  { resources }: ChangeSummary,
  claim: LogGroupClaim,
  { aws }: Pick<DeployContext, "aws">,
): Promise<FoundLogGroups> {
  const declared = resourcesOf(wanted);
  const added = resources.flatMap(({ logicalId, kind, type }) => {
    const name = declared[logicalId]?.Properties?.["LogGroupName"];
    return kind === "add" && type === "AWS::Logs::LogGroup" && typeof name === "string"
      ? [{ logicalId, name }]
      : [];
  });
  const found = await Promise.all(added.map((each) => lookAt(each, aws)));
  const all = found.filter((each) => each !== undefined);
  const others = all.filter((each) => each.owner !== undefined && each.owner !== claim.stackName);
  const free = all.filter((each) => !others.includes(each));
  const kept = free.filter((each) => claim.adopts || isOurs(each, claim));
  const unmarked = free.filter((each) => !kept.includes(each));
  return {
    kept,
    taken: [
      ...others.map(takenByStack),
      ...(unmarked.length === 0 ? [] : [takenByNobody(unmarked, aws)]),
    ],
  };
}

async function lookAt(
  { logicalId, name }: Pick<FoundLogGroup, "logicalId" | "name">,
  { logGroups, stackRemovals }: DeployContext["aws"],
): Promise<FoundLogGroup | undefined> {
  const group = await unlessDenied(() => logGroups.find(name));
  if (group === undefined) return undefined;
  // CloudFormation itself takes nothing that another stack has.
  const owner = await unlessDenied(() => stackRemovals.owner(name));
  return { ...group, logicalId, owner };
}

/** Those that are left once the failed stack that had some of them is deleted: the others are made anew. */
export async function stillThere(
  groups: readonly FoundLogGroup[],
  { logGroups }: Pick<DeployContext["aws"], "logGroups">,
): Promise<FoundLogGroup[]> {
  const found = await Promise.all(groups.map(({ name }) => logGroups.find(name)));
  return groups.filter((_, index) => found[index] !== undefined);
}

/** Whoever may not look is told by CloudFormation. */
async function unlessDenied<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return undefined;
    throw error;
  }
}

/** The stack's tags are on all that CloudFormation makes in it. */
function isOurs({ tags }: FoundLogGroup, { project, stackName }: LogGroupClaim): boolean {
  const madeIn = tags[stackTag];
  return tags[projectTag] === project && (madeIn === undefined || madeIn === stackName);
}

function takenByStack({ name, owner }: FoundLogGroup): LmiError {
  return new LmiError("LMI_LOG_GROUP_TAKEN", `Log group ${name} belongs to stack ${owner}.`, {
    why: "A resource is in one stack at most, and a function logs into a group of its own name. Nothing was changed.",
    next: "Give the function in lmi.json another name, or deploy beside it with --env <name>",
    exitCode: ExitCode.usage,
    details: { logGroups: [name], owner },
  });
}

function takenByNobody(
  found: readonly FoundLogGroup[],
  { target }: DeployContext["aws"],
): LmiError {
  const names = found.map(({ name }) => name);
  const isOne = names.length === 1;
  const [there, it, they] = isOne
    ? ["is a log group", "it", "It is"]
    : ["are log groups", "them", "They are"];
  const commands = names.map((name) =>
    awsCommand(target, `logs delete-log-group --log-group-name ${name}`),
  );
  return new LmiError("LMI_LOG_GROUP_TAKEN", `There ${there} ${names.join(", ")} already.`, {
    why: `${they} in no stack, and ${origin(found)}: perhaps a function wrote a line after its log group was deleted, or somebody made ${it}. Nothing was changed.`,
    next: `lmi deploy --adopt-logs   (takes ${it} over with all lines), or without the lines: ${commands.join(" && ")}`,
    exitCode: ExitCode.usage,
    details: { logGroups: names },
  });
}

/** Where the first of them that says it comes from. */
function origin(found: readonly FoundLogGroup[]): string {
  const { tags } = found.find((each) => each.tags[projectTag] !== undefined) ?? { tags: {} };
  const { [projectTag]: project, [stackTag]: madeIn } = tags as Partial<FoundLogGroup["tags"]>;
  if (project === undefined) return "nothing says that this project made it";
  return `the tags say project ${project}${madeIn === undefined ? "" : `, stack ${madeIn}`}`;
}
