import { awsCommand } from "../aws/aws-command.ts";
import { ExitCode, LmiError } from "../errors.ts";
import type { ChangeSummary } from "./changes.ts";
import type { DeployContext } from "./deploy-context.ts";
import { resourcesOf } from "./template-resources.ts";

/**
 * Log groups that would be new and that there are already, as after `destroy --keep-logs`: CloudFormation takes none over,
 * and would say so only after it has begun.
 */
export async function takenLogGroups(
  wanted: Readonly<Record<string, unknown>>,
  { resources }: ChangeSummary,
  { aws }: Pick<DeployContext, "aws">,
): Promise<LmiError[]> {
  const declared = resourcesOf(wanted);
  const names = resources.flatMap(({ logicalId, kind, type }) => {
    const name = declared[logicalId]?.Properties?.["LogGroupName"];
    return kind === "add" && type === "AWS::Logs::LogGroup" && typeof name === "string"
      ? [name]
      : [];
  });
  const taken = await Promise.all(names.map((name) => isThere(name, aws)));
  const found = names.filter((_name, index) => taken[index]);
  return found.length === 0 ? [] : [takenError(found, aws)];
}

async function isThere(logGroup: string, { logs }: DeployContext["aws"]): Promise<boolean> {
  try {
    // Nobody has lines of 1970: it is one empty page, or the group is not there.
    const long = { since: new Date(1), until: new Date(2) };
    const lines = logs.events({ logGroup, ...long });
    await lines[Symbol.asyncIterator]().next();
    return true;
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    // Whoever may not look is told by CloudFormation.
    if (/^LMI_(LOG_GROUP_NOT_FOUND|ACCESS_DENIED)$/.test(error.code)) return false;
    throw error;
  }
}

function takenError(names: readonly string[], { target }: DeployContext["aws"]): LmiError {
  const isOne = names.length === 1;
  const which = isOne ? "is a log group" : "are log groups";
  const commands = names.map((name) =>
    awsCommand(target, `logs delete-log-group --log-group-name ${name}`),
  );
  return new LmiError("LMI_LOG_GROUP_TAKEN", `There ${which} ${names.join(", ")} already.`, {
    why: `${isOne ? "It is" : "They are"} not of this stack: perhaps a destroy kept ${isOne ? "it" : "them"}. CloudFormation takes over no log group that it did not make. Nothing was changed.`,
    next: `Save what you need of it, then: ${commands.join(" && ")}`,
    exitCode: ExitCode.usage,
    details: { logGroups: names },
  });
}
