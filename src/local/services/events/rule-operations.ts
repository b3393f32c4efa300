import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  ListRulesRequest,
  ListTargetsByRuleRequest,
  PutRuleRequest,
  PutTargetsRequest,
  RemoveTargetsRequest,
} from "@aws-sdk/client-eventbridge";
import { patternProblem } from "../../../event-pattern-problem.ts";
import type { CallContext, Operation } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import {
  type EventStore,
  existingBus,
  existingRule,
  page,
  ruleArn,
  type RuleDocument,
  ruleId,
  validation,
} from "./event-store.ts";

export function ruleOperations(store: EventStore): Record<string, Operation> {
  const { rules } = store;
  const put = (rule: RuleDocument, { region }: CallContext) =>
    rules.put(region, ruleId(rule.bus, rule.Name), rule);

  return {
    /** Makes a rule, or replaces all of one but its targets (EventBridge API, PutRule). */
    async PutRule(input: PutRuleRequest, context: CallContext) {
      const bus = existingBus(store, input.EventBusName, context);
      checkRule(input);
      const { Name = "", EventPattern, ScheduleExpression, Description, RoleArn } = input;
      const before = rules.get(context.region, ruleId(bus, Name));
      const rule: RuleDocument = {
        Name,
        bus,
        EventPattern,
        ScheduleExpression,
        State: input.State ?? "ENABLED",
        Description,
        RoleArn,
        targets: before?.targets ?? [],
      };
      put(rule, context);
      return { RuleArn: ruleArn(rule, context) };
    },

    async DescribeRule(input: DescribeRuleRequest, context: CallContext) {
      return presented(existingRule(store, input, context), context);
    },

    async ListRules(input: ListRulesRequest, context: CallContext) {
      const bus = existingBus(store, input.EventBusName, context);
      const found = rules
        .list(context.region)
        .filter((rule) => rule.bus === bus && rule.Name.startsWith(input.NamePrefix ?? ""));
      const { items, NextToken } = page(found, input);
      return { Rules: items.map((rule) => presented(rule, context)), NextToken };
    },

    async EnableRule(input: DescribeRuleRequest, context: CallContext) {
      put({ ...existingRule(store, input, context), State: "ENABLED" }, context);
      return {};
    },

    async DisableRule(input: DescribeRuleRequest, context: CallContext) {
      put({ ...existingRule(store, input, context), State: "DISABLED" }, context);
      return {};
    },

    /** What is not there is no error; with targets it stays (EventBridge API, DeleteRule). */
    async DeleteRule(input: DeleteRuleRequest, context: CallContext) {
      const bus = existingBus(store, input.EventBusName, context);
      const id = ruleId(bus, input.Name);
      if ((rules.get(context.region, id)?.targets.length ?? 0) > 0)
        throw validation("Rule can't be deleted since it has targets.");
      rules.delete(context.region, id);
      return {};
    },
    ...targetOperations(store, put),
  };
}

function targetOperations(
  store: EventStore,
  put: (rule: RuleDocument, context: CallContext) => void,
): Record<string, Operation> {
  return {
    async PutTargets(input: PutTargetsRequest, context: CallContext) {
      const rule = existingRule(store, { ...input, Name: input.Rule }, context);
      const given = input.Targets ?? [];
      const others = rule.targets.filter(({ Id }) => !given.some((target) => target.Id === Id));
      // EventBridge quotas: targets per rule.
      if (others.length + given.length > 5)
        throw new ServiceError(
          "LimitExceededException",
          "The requested resource exceeds the maximum number allowed.",
        );
      put({ ...rule, targets: [...others, ...given] }, context);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    async RemoveTargets(input: RemoveTargetsRequest, context: CallContext) {
      const rule = existingRule(store, { ...input, Name: input.Rule }, context);
      const ids = input.Ids ?? [];
      put({ ...rule, targets: rule.targets.filter(({ Id = "" }) => !ids.includes(Id)) }, context);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    async ListTargetsByRule(input: ListTargetsByRuleRequest, context: CallContext) {
      const rule = existingRule(store, { ...input, Name: input.Rule }, context);
      const { items, NextToken } = page(rule.targets, input);
      return { Targets: items, NextToken };
    },
  };
}

function checkRule({ Name = "", EventPattern, ScheduleExpression, State }: PutRuleRequest): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Name))
    throw validation(`Value '${Name}' at 'name' must be 1 to 64 letters, digits, ., - and _`);
  const states = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];
  if (State !== undefined && !states.includes(State))
    throw validation(`Value '${State}' at 'state' must be one of ${states.join(", ")}`);
  if (EventPattern === undefined && ScheduleExpression === undefined)
    throw validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  if (EventPattern !== undefined) readPattern(EventPattern);
}

/** A pattern as JSON; refuses one that cannot be used. */
export function readPattern(text: string): unknown {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw invalidPattern("Unable to parse JSON");
  }
  const problem = patternProblem(pattern);
  if (problem !== undefined) throw invalidPattern(problem.reason);
  return pattern;
}

const invalidPattern = (reason: string) =>
  new ServiceError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);

function presented(rule: RuleDocument, context: CallContext): object {
  const { targets: _targets, bus, ...rest } = rule;
  return { ...rest, Arn: ruleArn(rule, context), EventBusName: bus };
}
