import { isRecord } from "../../is-record.ts";
import type { CallContext, TargetContext } from "../service.ts";
import { validationError } from "./template/template.ts";

const pattern = /\{\{resolve:([a-z-]+):([^}]+)\}\}/g;

interface ParameterAnswer {
  readonly Parameter?: { readonly Value?: string; readonly Type?: string };
}

/** Replaces `{{resolve:ssm:name:version}}` in all texts of a value. References to secrets stay (secret-references.ts). */
export async function resolveDynamicReferences(
  value: unknown,
  context: TargetContext,
  caller: CallContext,
): Promise<unknown> {
  if (typeof value === "string") return resolveText(value, context, caller);
  if (Array.isArray(value)) {
    return Promise.all(value.map((item) => resolveDynamicReferences(item, context, caller)));
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await resolveDynamicReferences(item, context, caller)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function resolveText(
  text: string,
  context: TargetContext,
  caller: CallContext,
): Promise<string> {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const values = await Promise.all(
    found.map(async ([, service, reference]) =>
      readReference(service ?? "", reference ?? "", context, caller),
    ),
  );
  let index = 0;
  return text.replaceAll(pattern, () => values[index++] ?? "");
}

async function readReference(
  service: string,
  reference: string,
  context: TargetContext,
  caller: CallContext,
): Promise<string> {
  if (service === "secretsmanager") return `{{resolve:secretsmanager:${reference}}}`;
  if (service !== "ssm") {
    throw validationError(
      `Dynamic references to ${service} ({{resolve:${service}:…}}) are not supported by the local target; it has ssm and secretsmanager.`,
    );
  }
  const answer = await context.call<ParameterAnswer>(
    "ssm",
    "GetParameter",
    { Name: reference },
    caller,
  );
  if (answer.Parameter?.Type === "SecureString") {
    throw validationError(
      `SSM parameter ${reference} is a SecureString; use ssm-secure for it, which the local target does not support.`,
    );
  }
  return answer.Parameter?.Value ?? "";
}
