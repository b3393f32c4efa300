import type { ServiceName } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import type { Shape, Structure } from "./shape.ts";

/** The error class with which each service refuses an input that its model does not allow. */
const validationCodes: Readonly<Record<ServiceName, string>> = {
  apigateway: "BadRequestException",
  cloudformation: "ValidationError",
  ec2: "MissingParameter",
  ecr: "InvalidParameterException",
  events: "ValidationException",
  iam: "ValidationError",
  kms: "ValidationException",
  lambda: "ValidationException",
  logs: "InvalidParameterException",
  monitoring: "ValidationError",
  s3: "MissingRequestBodyError",
  secretsmanager: "ValidationException",
  servicequotas: "IllegalArgumentException",
  sqs: "MissingParameter",
  scheduler: "ValidationException",
  sns: "ValidationError",
  ssm: "ValidationException",
  sts: "ValidationError",
};

/** Refuses an input that lacks a required member, naming all of them as AWS's services do. */
export function checkRequired(
  service: ServiceName,
  shape: Structure,
  input: Record<string, unknown>,
): void {
  const missing = missingMembers(shape, input, "");
  if (missing.length === 0) return;
  const code = validationCodes[service];
  if (service === "ec2" || service === "sqs") {
    const [first = ""] = missing;
    throw new ServiceError(code, `The request must contain the parameter ${upperFirst(first)}`, {
      status: 400,
    });
  }
  const details = missing
    .map((path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`)
    .join("; ");
  const count = `${missing.length} validation error${missing.length === 1 ? "" : "s"} detected`;
  throw new ServiceError(code, `${count}: ${details}`, { status: 400 });
}

function missingMembers(shape: Structure, value: Record<string, unknown>, path: string): string[] {
  const missing: string[] = [];
  for (const member of shape.members) {
    const item = value[member.name];
    const name = path + (path === "" ? lowerFirst(member.name) : member.name);
    if (item === undefined || item === null) {
      if (member.required && !member.traits.idempotencyToken) missing.push(name);
    } else {
      missing.push(...missingInside(member.shape, item, name));
    }
  }
  return missing;
}

function missingInside(shape: Shape, value: unknown, path: string): string[] {
  if (shape.kind === "structure" || shape.kind === "union") {
    return missingMembers(shape, value as Record<string, unknown>, `${path}.`);
  }
  const { kind } = shape;
  if (kind === "list" && isContainer(shape.element.shape)) {
    return (value as unknown[]).flatMap((item, index) =>
      item === null ? [] : missingInside(shape.element.shape, item, `${path}.${index + 1}.member`),
    );
  }
  return [];
}

function isContainer(shape: Shape): boolean {
  return shape.kind === "structure" || shape.kind === "union" || shape.kind === "list";
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
