// Updates: a good one under load, one that fails, and the way to nothing and back.
import { DescribeStackEventsCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetFunctionConfigurationCommand,
  GetFunctionScalingConfigCommand,
  InvokeCommand,
  PutFunctionScalingConfigCommand,
} from "@aws-sdk/client-lambda";

import { attempt, verdict } from "./facts.mjs";
import { environments, functionName, writeHandler } from "./project.mjs";
import { instances, stackOf } from "./stages-deploy.mjs";
import { command, pause, sorted, succeed, timed, until } from "./steps.mjs";

const word = async (context) => {
  const { stdout } = await succeed(context, ["invoke", "--payload", "{}"], { quiet: true });
  return JSON.parse(stdout).word;
};

/** New code while requests go on: none of them may fail. */
export async function update(context) {
  writeHandler(context.project, "second");
  const { lambdaOnce } = context.place.clients;
  const FunctionName = functionName(context.token);
  const meanwhile = [];
  const deployed = new AbortController();
  const load = (async () => {
    while (!deployed.signal.aborted && !context.stop.signal.aborted) {
      meanwhile.push(
        await attempt(() => lambdaOnce.send(new InvokeCommand({ FunctionName, Payload: "{}" }))),
      );
      await pause(context, 0.2).catch(() => {});
    }
  })();
  try {
    await succeed(context, ["deploy", "--yes"]);
  } finally {
    deployed.abort();
    await load;
  }
  const failed = meanwhile.filter(({ accepted, output }) => !accepted || output.FunctionError);
  context.facts.record("update.requestsFailed", failed.map(verdict));
  context.facts.record("update.answer", await word(context));
  if (context.facts.get("update.answer") !== "second")
    throw new Error("the old code still answers");
}

/** Code that throws while it is loaded: the deploy fails, and the version before goes on serving. */
export async function failingUpdate(context) {
  writeHandler(context.project, "broken");
  const { code } = await command(context, ["deploy", "--yes"]);
  writeHandler(context.project, "second");
  const { facts, place } = context;
  facts.record("failingUpdate.exitCode", code);
  if (code === 0) throw new Error("a deploy of code that does not load ended with 0");
  const StackName = stackOf(context);
  const { Stacks } = await place.clients.cloudformation.send(
    new DescribeStacksCommand({ StackName }),
  );
  facts.record("failingUpdate.stack", Stacks[0].StackStatus, "UPDATE_ROLLBACK_COMPLETE");
  const { StackEvents } = await place.clients.cloudformation.send(
    new DescribeStackEventsCommand({ StackName }),
  );
  const first = StackEvents.findLast(({ ResourceStatus = "" }) =>
    ResourceStatus.endsWith("_FAILED"),
  );
  facts.record("failingUpdate.reason", [
    first?.ResourceType,
    first?.ResourceStatus,
    withoutToken(first?.ResourceStatusReason),
  ]);
  facts.record("failingUpdate.answer", await word(context));
  if (facts.get("failingUpdate.answer") !== "second")
    throw new Error("the last good version no longer serves");
}

const withoutToken = (text = "") => text.replace(/RequestToken: [\w-]+/, "RequestToken: <token>");

/** Scaling settings: one of the two alone, nothing at all, and back. */
export async function scaling(context) {
  const { lambda, lambdaOnce } = context.place.clients;
  const { facts } = context;
  const of = { FunctionName: functionName(context.token), Qualifier: "$LATEST.PUBLISHED" };
  const put = (FunctionScalingConfig) =>
    attempt(() =>
      lambda.send(new PutFunctionScalingConfigCommand({ ...of, FunctionScalingConfig })),
    );
  const state = async () => {
    const found = await lambda.send(new GetFunctionConfigurationCommand(of));
    return { state: found.State, update: found.LastUpdateStatus };
  };
  const settled = (minutes, wanted) =>
    until(context, minutes, async () => {
      const now = await state();
      return now.state === wanted && now.update !== "InProgress" ? true : undefined;
    });
  const record = async (id, config, documented) => {
    const answer = await put(config);
    facts.record(id, { ...verdict(answer), state: answer.output?.FunctionState }, documented);
    const now = await lambda.send(new GetFunctionScalingConfigCommand(of));
    facts.record(`${id}.requested`, now.RequestedFunctionScalingConfig);
  };
  await record(
    "scaling.onlyMinimum",
    { MinExecutionEnvironments: environments },
    "unknown; both are expected together",
  );
  await settled(10, "Active");
  await record("scaling.onlyMaximum", { MaxExecutionEnvironments: environments }, "unknown");
  await settled(10, "Active");
  await record("scaling.minimumAboveMaximum", {
    MinExecutionEnvironments: 4,
    MaxExecutionEnvironments: 3,
  });
  await settled(10, "Active");
  await record("scaling.zero", { MinExecutionEnvironments: 0, MaxExecutionEnvironments: 0 });
  const off = await timed(context, "deactivated after", () => settled(20, "Deactivated"));
  facts.record("scaling.zero.state", off ? "Deactivated" : await state(), "Deactivated");
  const invoke = await attempt(() =>
    lambdaOnce.send(new InvokeCommand({ FunctionName: of.FunctionName, Payload: "{}" })),
  );
  facts.record("scaling.zero.invoke", verdict(invoke));
  const gone = await timed(context, "instances gone after", () =>
    until(context, 20, async () => ((await instances(context)).length === 0 ? true : undefined)),
  );
  facts.record(
    "scaling.zero.instancesGone",
    gone ?? false,
    "instances go away (kiro powers, classmethod)",
  );
  await record("scaling.back", {
    MinExecutionEnvironments: environments,
    MaxExecutionEnvironments: environments + 3,
  });
  const on = await timed(context, "active again after", () => settled(20, "Active"));
  if (!on) throw new Error("the version did not become Active again");
  facts.record("scaling.back.answer", await word(context));
}

/** Names and dimensions of what CloudWatch has of the provider; AWS takes five to ten minutes. */
export async function metrics(context) {
  const { cloudwatch } = context.place.clients;
  const wanted = {
    Namespace: "AWS/Lambda",
    Dimensions: [{ Name: "CapacityProviderName", Value: context.provider }],
  };
  const first = await attempt(() => cloudwatch.send(new ListMetricsCommand(wanted)));
  if (!first.accepted) return context.facts.record("metrics.provider", verdict(first));
  const minutes = context.place.pause.look < 1 ? 0 : 15;
  const found = await until(context, minutes, async () => {
    const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand(wanted));
    return Metrics.length > 0 ? Metrics : undefined;
  });
  const names = (found ?? []).map(({ MetricName, Dimensions }) => [
    MetricName,
    sorted(Dimensions.map(({ Name }) => Name)).join(","),
  ]);
  return context.facts.record(
    "metrics.provider",
    sorted(names),
    "ExecutionEnvironmentCPUUtilization or …VCPUUtilization; both are in AWS's pages",
  );
}
