import { randomUUID } from "node:crypto";

import type { FoundLogGroup } from "../../../deploy/found-log-groups.ts";
import { projectTag } from "../../../deploy/stack-condition.ts";
import { takingBack } from "../../../deploy/take-back.ts";
import { resourcesOf } from "../../../deploy/template-resources.ts";
import { asciiJson } from "../../../synth/ascii-json.ts";
import type { OwnCall } from "./own-calls.ts";

interface LogGroup {
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
  readonly logGroupClass?: string;
}

/**
 * Begins to make a stack with the log groups that `destroy --keep-logs` has left of the project's, as `deploy` does it.
 * The project's own template is to follow as an update.
 * @returns false where there are none, and nothing was begun
 */
export async function beginTakingLogsBack(
  input: { readonly StackName: string },
  template: Readonly<Record<string, unknown>>,
  project: string | undefined,
  call: OwnCall,
): Promise<boolean> {
  const kept = await keptLogGroups(template, project, call);
  if (kept.length === 0) return false;
  const { StackName } = input;
  const named = { StackName, ChangeSetName: `lmi-dev-${randomUUID()}` };
  await call("cloudformation", "CreateChangeSet", {
    ...input,
    ...named,
    ChangeSetType: "CREATE",
    ImportExistingResources: true,
    TemplateBody: asciiJson(JSON.stringify(takingBack(template, kept))),
  });
  await call("cloudformation", "ExecuteChangeSet", named);
  return true;
}

async function keptLogGroups(
  template: Readonly<Record<string, unknown>>,
  project: string | undefined,
  call: OwnCall,
): Promise<readonly FoundLogGroup[]> {
  const kept: FoundLogGroup[] = [];
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(resourcesOf(template))) {
    const { LogGroupName: name } = Properties;
    if (Type !== "AWS::Logs::LogGroup" || typeof name !== "string") continue;
    const group = await find(name, call);
    if (group === undefined) continue;
    const { tags } = await call<{ readonly tags?: FoundLogGroup["tags"] }>(
      "logs",
      "ListTagsForResource",
      { resourceArn: group.logGroupArn },
    );
    const { retentionInDays, kmsKeyId, logGroupClass } = group;
    if (project === undefined || tags?.[projectTag] !== project) continue;
    const state = { retentionInDays, kmsKeyId, logGroupClass, tags };
    kept.push({ logicalId, name, owner: undefined, ...state });
  }
  return kept;
}

async function find(name: string, call: OwnCall): Promise<LogGroup | undefined> {
  const { logGroups } = await call<{ readonly logGroups?: readonly LogGroup[] }>(
    "logs",
    "DescribeLogGroups",
    { logGroupNamePrefix: name },
  );
  return logGroups?.find(({ logGroupName }) => logGroupName === name);
}
