// What CloudFormation does with a log group that is there already, where a change set says ImportExistingResources, as a
// deploy after `destroy --keep-logs` does. Documented is what it asks for; not what a rollback does, nor whether
// properties that differ are set, nor which names count.
import {
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";

import { attempt, verdict } from "./facts.mjs";
import { prefix, projectName } from "./project.mjs";
import { until } from "./steps.mjs";

const source = "user guide, import-resources-automatically";

/** id → the policy and name in the template, what else is in it, and what is known. */
const cases = {
  unkept: [{ DeletionPolicy: "Delete" }, {}, `refused: Retain or RetainExceptOnCreate (${source})`],
  kept: [{ DeletionPolicy: "Retain" }, {}, `imported (${source})`],
  computedName: [
    { DeletionPolicy: "Retain", name: { "Fn::Sub": "/lmi/${AWS::StackName}" } },
    {},
    `only literal names (${source}); cdk bootstrap imports a computed one`,
  ],
  failing: [{ DeletionPolicy: "Retain" }, { Broken: broken() }, "unknown: the group should stay"],
  failingExceptOnCreate: [
    { DeletionPolicy: "RetainExceptOnCreate" },
    { Broken: broken() },
    "unknown: the group may be deleted",
  ],
};

/** Its creation fails at once, and costs nothing. */
function broken() {
  return {
    Type: "AWS::Lambda::Permission",
    DependsOn: ["Kept"],
    Properties: {
      FunctionName: "lmi-acceptance-no-such-function",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
    },
  };
}

export async function imports(context) {
  const { logs } = context.place.clients;
  const StackName = `${prefix}${context.token}-import`;
  const logGroupName = `/lmi/${StackName}`;
  for (const [id, [{ DeletionPolicy, name = logGroupName }, more, documented]] of Object.entries(
    cases,
  )) {
    context.stop.check();
    await attempt(() => logs.send(new CreateLogGroupCommand({ logGroupName })));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 3 }));
    const Kept = {
      Type: "AWS::Logs::LogGroup",
      DeletionPolicy,
      Properties: { LogGroupName: name, RetentionInDays: 7 },
    };
    const template = { Resources: { Kept, ...more } };
    const seen = await imported(context, StackName, template);
    context.facts.record(`import.${id}`, seen, documented);
    if (seen.executed) {
      const { logGroups = [] } = await logs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
      );
      const found = logGroups.map(({ retentionInDays }) => ({ retentionInDays }));
      context.facts.record(`import.${id}.logGroup`, found, "unknown: 3 days stay, or 7 are set");
    }
    await gone(context, StackName);
  }
}

async function imported(context, StackName, template) {
  const { cloudformation } = context.place.clients;
  const named = { StackName, ChangeSetName: "taking" };
  const created = await attempt(() =>
    cloudformation.send(
      new CreateChangeSetCommand({
        ...named,
        ChangeSetType: "CREATE",
        ImportExistingResources: true,
        TemplateBody: JSON.stringify(template),
        // By which a clean-up knows the stack.
        Tags: [{ Key: "lmi:project", Value: projectName(StackName.slice(prefix.length)) }],
      }),
    ),
  );
  if (!created.accepted) return verdict(created);
  const changeSet = await ended(context, async () => {
    const found = await cloudformation.send(new DescribeChangeSetCommand(named));
    return /_(PENDING|IN_PROGRESS)$/.test(found.Status) ? undefined : found;
  });
  const actions = (changeSet.Changes ?? []).map(
    ({ ResourceChange: change }) => `${change.LogicalResourceId} ${change.Action}`,
  );
  const plan = { status: changeSet.Status, reason: changeSet.StatusReason, actions };
  if (!actions.includes("Kept Import")) return plan;
  await cloudformation.send(new ExecuteChangeSetCommand(named));
  const stack = await ended(context, async () => {
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0].StackStatus.endsWith("_IN_PROGRESS") ? undefined : Stacks[0];
  });
  const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  const events = StackEvents.toReversed().flatMap((event) =>
    event.LogicalResourceId === "Kept"
      ? [[event.ResourceStatus, event.ResourceStatusReason].filter(Boolean).join(" ")]
      : [],
  );
  return { ...plan, executed: true, stack: stack.StackStatus, events };
}

/** The stack goes; its log group stays, as its policy says. */
async function gone(context, StackName) {
  const { cloudformation } = context.place.clients;
  await attempt(() => cloudformation.send(new DeleteStackCommand({ StackName })));
  await ended(context, async () => {
    const found = await attempt(() =>
      cloudformation.send(new DescribeStacksCommand({ StackName })),
    );
    return found.accepted ? undefined : found;
  });
}

async function ended(context, look) {
  // Log groups are quick, and on an emulator time is a twentieth.
  const found = await until(context, 20, look);
  if (found === undefined) throw new Error("CloudFormation does not come to an end.");
  return found;
}
