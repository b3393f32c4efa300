// Requests: one, many, too many, and the wrong ones.
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand } from "@aws-sdk/client-lambda";

import { attempt, verdict } from "./facts.mjs";
import { concurrency, environments, functionName } from "./project.mjs";
import { command, lines, sorted, succeed, timed, until } from "./steps.mjs";

const decode = (bytes) => new TextDecoder().decode(bytes);

export async function invoke(context) {
  const { facts } = context;
  const one = await succeed(context, ["invoke", "--payload", '{"test":"data"}']);
  facts.record("invoke.answer", one.stdout);
  if (one.stdout !== '{"word":"first","event":{"test":"data"}}')
    throw new Error(`the function answered ${one.stdout}`);
  const failed = await command(context, ["invoke", "--payload", '{"fail":true}']);
  facts.record("invoke.error", { code: failed.code, keys: Object.keys(JSON.parse(failed.stdout)) });
  const queued = await succeed(context, ["invoke", "--async", "--payload", "{}", "--json"]);
  facts.record("invoke.async", JSON.parse(queued.stdout).statusCode ?? 202);
  const many = await timed(context, "50 requests, 4 at once", () =>
    succeed(context, ["invoke", "--repeat", "50", "--concurrency", "4", "--json"]),
  );
  facts.record("invoke.repeat.exitCode", many.code);
}

/** The function's records in CloudWatch: which types there are, and which members each has. */
export async function logs(context) {
  const logGroupName = `/aws/lambda/${functionName(context.token)}`;
  const found = await timed(context, "log lines readable after", () =>
    until(context, 5, async () => {
      const page = await context.place.clients.logs.send(
        new FilterLogEventsCommand({ logGroupName, limit: 1000 }),
      );
      const records = (page.events ?? []).flatMap(({ message }) => lines(message.trim()));
      return records.some(({ type }) => type === "platform.report") ? records : undefined;
    }),
  );
  if (!found) throw new Error(`no platform.report in ${logGroupName} after 5 minutes`);
  const kinds = Map.groupBy(found, ({ type, level }) => type ?? `line ${level}`);
  for (const [kind, records] of kinds) {
    const [first] = records;
    context.facts.record(`log.${kind}`, {
      members: sorted(Object.keys(first)),
      ...(first.record ? { record: sorted(Object.keys(first.record)) } : {}),
    });
  }
  const shown = await succeed(context, ["logs", "--json", "--since", "1h"]);
  context.facts.record("logs.command", lines(shown.stdout).length > 0);
  const provider = await succeed(context, ["logs", "--provider", "--json", "--since", "3h"]);
  const operations = lines(provider.stdout).flatMap(({ message = "" }) => lines(message));
  context.facts.record(
    "log.provider",
    sorted(new Set(operations.map(({ operation, message }) => operation ?? message))),
    "Launching, Launched, … (developer guide, lambda-managed-instances-monitoring-system-log-events)",
  );
}

/** Requests that Lambda Managed Instances refuse. */
export async function refusals(context) {
  const { lambdaOnce } = context.place.clients;
  const FunctionName = functionName(context.token);
  const send = (more) =>
    attempt(() => lambdaOnce.send(new InvokeCommand({ FunctionName, Payload: "{}", ...more })));
  const { facts } = context;
  facts.record(
    "invoke.tail",
    verdict(await send({ LogType: "Tail" })),
    'InvalidParameterValueException, "Tail logs are not supported for functions…" (SAM CLI); the full text is unknown',
  );
  facts.record(
    "invoke.latest",
    verdict(await send({ Qualifier: "$LATEST" })),
    "InvalidParameterValueException (localstack, written with AWS)",
  );
  facts.record("invoke.noVersion", verdict(await send({ Qualifier: "7" })));
  facts.record("invoke.dryRun", verdict(await send({ InvocationType: "DryRun" })));
  facts.record("invoke.notJson", verdict(await send({ Payload: "{" })));
  const refused = await command(context, ["deploy", "--yes", "--runtime", "nodejs20.x"]);
  facts.record("lmi.nodejs20", {
    code: refused.code,
    named: refused.stderr.includes("nodejs20.x"),
  });
}

/** More requests at once than all environments take; AWS queues none of them. */
export async function saturation(context) {
  const { lambdaOnce } = context.place.clients;
  const FunctionName = functionName(context.token);
  const slots = concurrency * environments;
  const Payload = JSON.stringify({ sleep: 5000 });
  const answers = await timed(context, "saturation", () =>
    Promise.all(
      Array.from({ length: slots * 10 }, () =>
        attempt(() => lambdaOnce.send(new InvokeCommand({ FunctionName, Payload }))),
      ),
    ),
  );
  const refused = answers.filter(({ accepted }) => !accepted);
  const served = answers.filter(
    ({ accepted, output }) => accepted && decode(output.Payload).includes("word"),
  );
  if (served.length === 0) throw new Error("no request was served");
  context.facts.record("saturation.throttles", refused.length > 0, "429, nothing is queued");
  context.facts.record(
    "saturation.errors",
    distinct(refused.map(verdict)),
    "TooManyRequestsException; which Reason is unknown",
  );
  // How many more depends on how fast Lambda scales.
  context.facts.record("saturation.servedAtLeastSlots", served.length >= slots);
}

const distinct = (values) =>
  sorted(new Set(values.map((value) => JSON.stringify(value)))).map((text) => JSON.parse(text));
