import { allow } from "./policy-statement.ts";
import type { AsyncInvokeSettings, PolicyStatement } from "./settings.ts";

/** What the execution role must allow for each kind of destination (Lambda developer guide, invocation-async-retain-records). */
const actions: Readonly<Record<string, string>> = {
  sqs: "sqs:SendMessage",
  sns: "sns:Publish",
  lambda: "lambda:InvokeFunction",
  events: "events:PutEvents",
};

/** IAM statements for what Lambda sends with the function's execution role when an asynchronous request has ended. */
export function destinationStatements({
  onSuccess,
  onFailure,
}: Pick<AsyncInvokeSettings, "onSuccess" | "onFailure">): PolicyStatement[] {
  const arns = new Set([onSuccess, onFailure].filter((arn) => arn !== undefined));
  return [...arns].flatMap(statementsFor);
}

function statementsFor(arn: string): PolicyStatement[] {
  const service = arn.split(":")[2] ?? "";
  if (service === "s3") return [allow("s3:PutObject", `${arn}/*`), allow("s3:ListBucket", arn)];
  const action = actions[service];
  return action === undefined ? [] : [allow(action, arn)];
}
