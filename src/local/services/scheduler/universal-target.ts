import type { PushedOperation } from "../../push-delivery.ts";
import type { ServiceName } from "../../service.ts";

/** Services that Scheduler and the local target call alike, and whose inputs are as JSON has them. */
const services: ReadonlySet<string> = new Set<ServiceName>([
  "cloudformation",
  "ec2",
  "ecr",
  "iam",
  "kms",
  "lambda",
  "scheduler",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
]);

/** Of actions that Scheduler does not call (EventBridge Scheduler user guide, managing-targets-universal). */
const reading =
  /^(?:get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/i;

const form = /^arn:aws[a-z-]*:scheduler:::aws-sdk:(?<service>[a-z0-9-]+):(?<action>\w+)$/;

/**
 * What a universal target calls: `arn:aws:scheduler:::aws-sdk:lambda:putFunctionScalingConfig`. The user guide writes
 * actions in camelCase, AWS's own examples of scheduled scaling in PascalCase: both are taken.
 * @returns undefined for other targets, and for services that are not called here
 */
export function universalOperation(arn: string): PushedOperation | undefined {
  const { service = "", action = "" } = form.exec(arn)?.groups ?? {};
  if (!services.has(service)) return undefined;
  const name = `${action.charAt(0).toUpperCase()}${action.slice(1)}`;
  return { service: service as ServiceName, name };
}

/** Whether a universal target only reads, which Scheduler refuses. */
export function isReadOnly(arn: string): boolean {
  return reading.test(form.exec(arn)?.groups?.["action"] ?? "");
}
