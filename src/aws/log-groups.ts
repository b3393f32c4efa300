import { explained } from "./explain.ts";
import type { LogsConnection } from "./logs-client.ts";
import type { LogGroups, LogGroupState } from "./ports.ts";
import type { AwsTarget } from "./target.ts";

export function createLogGroups(target: AwsTarget, logs: LogsConnection): LogGroups {
  return { find: (name) => explained(target, () => find(name, logs)) };
}

async function find(name: string, logs: LogsConnection): Promise<LogGroupState | undefined> {
  const [{ client }, sdk] = await Promise.all([logs(), import("./sdk/log-groups.ts")]);
  // In order of names (API reference, DescribeLogGroups): the one that is all of the prefix comes first.
  const prefix = new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name });
  const { logGroups = [] } = await client.send(prefix);
  const found = logGroups.find(({ logGroupName }) => logGroupName === name);
  if (found === undefined) return undefined;
  const { retentionInDays, kmsKeyId, logGroupClass, logGroupArn, arn = "" } = found;
  const resourceArn = logGroupArn ?? arn.replace(/:\*$/, "");
  const { tags = {} } = await client.send(new sdk.ListTagsForResourceCommand({ resourceArn }));
  return { name, retentionInDays, kmsKeyId, logGroupClass, tags };
}
