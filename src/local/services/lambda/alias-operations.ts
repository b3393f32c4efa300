import { randomUUID } from "node:crypto";
import type {
  AliasConfiguration,
  CreateAliasRequest,
  DeleteAliasRequest,
  GetAliasRequest,
  ListAliasesRequest,
  UpdateAliasRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { functionArn, functionReference } from "./arns.ts";
import { latest } from "./documents.ts";
import {
  conflict,
  constraint,
  functionNotFound,
  notFound,
  preconditionFailed,
} from "./failures.ts";
import { resolveFunction } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { page } from "./page.ts";
import { qualifiedId } from "./store.ts";

export function aliasOperations(lambda: LambdaContext): Operations {
  const { aliases } = lambda.store;

  const find = (input: GetAliasRequest | DeleteAliasRequest, context: CallContext) => {
    const { name } = functionReference({ FunctionName: input.FunctionName });
    const id = qualifiedId(name, input.Name ?? "");
    return { name, id, document: aliases.get(context.region, id) };
  };
  const existing = (input: GetAliasRequest, context: CallContext) => {
    const { name, id, document } = find(input, context);
    if (!document)
      throw notFound(`Cannot find alias arn: ${functionArn(context, name, input.Name)}`);
    return { id, document };
  };

  return {
    CreateAlias: async (input: CreateAliasRequest, context: CallContext) =>
      create(lambda, input, context),

    GetAlias: async (input: GetAliasRequest, context: CallContext) =>
      existing(input, context).document.alias,

    UpdateAlias: async (input: UpdateAliasRequest, context: CallContext) => {
      const { id, document } = existing(input, context);
      if (input.RevisionId && input.RevisionId !== document.alias.RevisionId)
        throw preconditionFailed();
      if (input.FunctionVersion)
        checkTarget(lambda, document.functionName, input.FunctionVersion, context);
      const { FunctionName: _name, RevisionId: _revision, ...changes } = input;
      const alias = { ...document.alias, ...defined(changes), RevisionId: randomUUID() };
      aliases.put(context.region, id, { ...document, alias });
      return alias;
    },

    DeleteAlias: async (input: DeleteAliasRequest, context: CallContext) => {
      const { name, id } = find(input, context);
      resolveFunction(lambda, name, context);
      aliases.delete(context.region, id);
      return {};
    },

    ListAliases: async (input: ListAliasesRequest, context: CallContext) => {
      const { name } = functionReference({ FunctionName: input.FunctionName });
      resolveFunction(lambda, name, context);
      const all = aliases
        .list(context.region)
        .filter(({ functionName }) => functionName === name)
        .map(({ alias }) => alias)
        .filter(
          ({ FunctionVersion }) =>
            !input.FunctionVersion || FunctionVersion === input.FunctionVersion,
        );
      const { items, NextMarker } = page(all, input);
      return { Aliases: items, NextMarker };
    },
  };
}

function create(
  lambda: LambdaContext,
  input: CreateAliasRequest,
  context: CallContext,
): AliasConfiguration {
  const { aliases } = lambda.store;
  const { name } = functionReference({ FunctionName: input.FunctionName });
  const id = qualifiedId(name, input.Name ?? "");
  resolveFunction(lambda, name, context);
  if (aliases.get(context.region, id))
    throw conflict(`Alias already exists: ${functionArn(context, name, input.Name)}`);
  if (!/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/.test(input.Name ?? "")) {
    throw constraint(
      "name",
      input.Name,
      "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
    );
  }
  checkTarget(lambda, name, input.FunctionVersion, context);
  const alias: AliasConfiguration = {
    AliasArn: functionArn(context, name, input.Name),
    Name: input.Name,
    FunctionVersion: input.FunctionVersion,
    Description: input.Description ?? "",
    ...(input.RoutingConfig ? { RoutingConfig: input.RoutingConfig } : {}),
    RevisionId: randomUUID(),
  };
  aliases.put(context.region, id, { functionName: name, alias });
  return alias;
}

function checkTarget(
  { store }: LambdaContext,
  name: string,
  version: string | undefined,
  context: CallContext,
): void {
  if (!store.versions.get(context.region, qualifiedId(name, version ?? latest)))
    throw functionNotFound(functionArn(context, name, version));
}

/** An update leaves alone what it does not name. */
export function defined<Input extends object>(input: Input): Partial<Input> {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as Partial<Input>;
}
