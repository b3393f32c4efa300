import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteRetentionPolicyRequest,
  DescribeLogGroupsRequest,
  ListTagsForResourceRequest,
  ListTagsLogGroupRequest,
  PutRetentionPolicyRequest,
  TagLogGroupRequest,
  TagResourceRequest,
  UntagLogGroupRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import type { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import type { LogEventStore } from "./log-event-store.ts";
import { alreadyExists, invalidParameter, noSuchGroup } from "./logs-errors.ts";
import { page } from "./pages.ts";

export interface LogGroup {
  readonly name: string;
  readonly created: number;
  readonly retentionInDays?: number | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly logGroupClass: string;
  readonly tags: Readonly<Record<string, string>>;
}

const retentions = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
]);

const classes: readonly string[] = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];

function checkClass(logGroupClass: string): void {
  if (classes.includes(logGroupClass)) return;
  throw invalidParameter(
    `1 validation error detected: Value '${logGroupClass}' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [${classes.join(", ")}]`,
  );
}

/** Log groups by region and name. */
export class LogGroups {
  readonly #groups: Collection<LogGroup>;

  constructor(target: TargetContext) {
    this.#groups = target.state.collection<LogGroup>("logs.groups");
  }

  /** By name, or by ARN with or without its `:*`. */
  find(context: CallContext, identifier: string | undefined): LogGroup {
    const name = groupName(identifier ?? "");
    const group = this.#groups.get(context.region, name);
    if (group === undefined) throw noSuchGroup();
    return group;
  }

  has(context: CallContext, name: string): boolean {
    return this.#groups.get(context.region, name) !== undefined;
  }

  list(context: CallContext): LogGroup[] {
    return this.#groups.list(context.region);
  }

  put(context: CallContext, group: LogGroup): void {
    this.#groups.put(context.region, group.name, group);
  }

  remove(context: CallContext, name: string): void {
    this.#groups.delete(context.region, name);
  }
}

function groupName(identifier: string): string {
  return (
    /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:(?<name>[^:]+)/.exec(identifier)?.groups?.["name"] ??
    identifier
  );
}

/** The group's key among the events, which one database keeps for all regions. */
export function groupKey(context: CallContext, name: string): string {
  return `${context.region}/${name}`;
}

export function groupArn({ region, accountId }: CallContext, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

export function groupOperations(
  target: TargetContext,
  groups: LogGroups,
  events: LogEventStore,
): Record<string, Operation> {
  return {
    async CreateLogGroup(input: CreateLogGroupRequest, context: CallContext) {
      const name = input.logGroupName ?? "";
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
        throw invalidName("logGroupName", name, "[\\.\\-_/#A-Za-z0-9]+");
      const logGroupClass = input.logGroupClass ?? "STANDARD";
      checkClass(logGroupClass);
      if (groups.has(context, name)) throw alreadyExists("log group");
      events.removeGroup(groupKey(context, name));
      groups.put(context, {
        name,
        created: target.clock.now().getTime(),
        kmsKeyId: input.kmsKeyId,
        logGroupClass,
        tags: input.tags ?? {},
      });
      return {};
    },

    async DeleteLogGroup(input: DeleteLogGroupRequest, context: CallContext) {
      const { name } = groups.find(context, input.logGroupName);
      // In this order: killed between the two, the group is gone as a whole. What is left of its events can no longer
      // be read, and goes when a group of this name is made.
      groups.remove(context, name);
      events.removeGroup(groupKey(context, name));
      return {};
    },

    async DescribeLogGroups(input: DescribeLogGroupsRequest, context: CallContext) {
      const {
        logGroupNamePrefix: prefix = "",
        logGroupNamePattern: pattern = "",
        logGroupIdentifiers,
      } = input;
      if (prefix !== "" && pattern !== "") {
        throw invalidParameter(
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        );
      }
      const names = logGroupIdentifiers && new Set(logGroupIdentifiers.map(groupName));
      const matching = groups
        .list(context)
        .filter(
          ({ name }) =>
            name.startsWith(prefix) && name.toLowerCase().includes(pattern.toLowerCase()),
        )
        .filter(
          ({ name, logGroupClass }) =>
            (names?.has(name) ?? true) && logGroupClass === (input.logGroupClass ?? logGroupClass),
        );
      const { items, nextToken } = page(matching, input.nextToken, input.limit ?? 50);
      return { logGroups: items.map((group) => describeGroup(group, context, events)), nextToken };
    },

    ...retentionOperations(groups),
    ...tagOperations(groups),
  };
}

function retentionOperations(groups: LogGroups): Record<string, Operation> {
  return {
    async PutRetentionPolicy(input: PutRetentionPolicyRequest, context: CallContext) {
      const days = input.retentionInDays ?? 0;
      if (!retentions.has(days)) {
        throw invalidParameter(
          `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${[...retentions].join(", ")}]`,
        );
      }
      groups.put(context, { ...groups.find(context, input.logGroupName), retentionInDays: days });
      return {};
    },

    async DeleteRetentionPolicy(input: DeleteRetentionPolicyRequest, context: CallContext) {
      groups.put(context, {
        ...groups.find(context, input.logGroupName),
        retentionInDays: undefined,
      });
      return {};
    },
  };
}

function tagOperations(groups: LogGroups): Record<string, Operation> {
  const tag = (context: CallContext, group: LogGroup, tags: Record<string, string> | undefined) => {
    groups.put(context, { ...group, tags: { ...group.tags, ...tags } });
    return {};
  };
  const untag = (context: CallContext, group: LogGroup, keys: readonly string[] | undefined) => {
    const kept = Object.entries(group.tags).filter(([key]) => !keys?.includes(key));
    groups.put(context, { ...group, tags: Object.fromEntries(kept) });
    return {};
  };
  return {
    TagResource: async (input: TagResourceRequest, context: CallContext) =>
      tag(context, groups.find(context, input.resourceArn), input.tags),
    UntagResource: async (input: UntagResourceRequest, context: CallContext) =>
      untag(context, groups.find(context, input.resourceArn), input.tagKeys),
    ListTagsForResource: async (input: ListTagsForResourceRequest, context: CallContext) => ({
      tags: groups.find(context, input.resourceArn).tags,
    }),
    TagLogGroup: async (input: TagLogGroupRequest, context: CallContext) =>
      tag(context, groups.find(context, input.logGroupName), input.tags),
    UntagLogGroup: async (input: UntagLogGroupRequest, context: CallContext) =>
      untag(context, groups.find(context, input.logGroupName), input.tags),
    ListTagsLogGroup: async (input: ListTagsLogGroupRequest, context: CallContext) => ({
      tags: groups.find(context, input.logGroupName).tags,
    }),
  };
}

function describeGroup(group: LogGroup, context: CallContext, events: LogEventStore): object {
  const arn = groupArn(context, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.created,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: events.bytes(groupKey(context, group.name)),
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass,
  };
}

export function invalidName(member: string, name: string, pattern: string): ServiceError {
  return invalidParameter(
    `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
  );
}
