import type { CallContext } from "../../service.ts";
import { functionArn, functionReference } from "./arns.ts";
import type { FunctionDocument, VersionDocument } from "./documents.ts";
import { latest } from "./documents.ts";
import { functionNotFound } from "./failures.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { qualifiedId } from "./store.ts";

interface FunctionInput {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

export function resolveFunction(
  { store }: LambdaContext,
  name: string,
  context: CallContext,
): FunctionDocument {
  const document = store.functions.get(context.region, name);
  if (!document) throw functionNotFound(functionArn(context, name));
  return document;
}

/** The version that a qualifier, or an alias, names; `$LATEST` without one. */
export function resolveVersion(
  lambda: LambdaContext,
  input: FunctionInput,
  context: CallContext,
): VersionDocument {
  const { name, qualifier = latest } = functionReference(input);
  const version = findVersion(lambda, name, qualifier, context);
  if (!version)
    throw functionNotFound(
      functionArn(context, name, qualifier === latest ? undefined : qualifier),
    );
  return version;
}

export function findVersion(
  { store }: LambdaContext,
  name: string,
  qualifier: string,
  { region }: CallContext,
): VersionDocument | undefined {
  const version = store.versions.get(region, qualifiedId(name, qualifier));
  if (version) return version;
  const target = store.aliases.get(region, qualifiedId(name, qualifier))?.alias.FunctionVersion;
  return target === undefined ? undefined : store.versions.get(region, qualifiedId(name, target));
}
