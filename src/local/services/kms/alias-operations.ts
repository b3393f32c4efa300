import type { CallContext, Operation } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import { find } from "./find-key.ts";
import type { Alias, Key, KeyInput } from "./keys.ts";
import { page, type PageInput } from "./pages.ts";

interface AliasInput {
  readonly AliasName?: string;
  readonly TargetKeyId?: string;
}

export function aliasOperations(
  keys: Collection<Key>,
  aliases: Collection<Alias>,
): Record<string, Operation> {
  const existing = (context: CallContext, name: string) => {
    if (aliases.get(context.region, name) !== undefined) return;
    const arn = `arn:aws:kms:${context.region}:${context.accountId}:${name}`;
    throw new ServiceError("NotFoundException", `Alias ${arn} is not found.`);
  };
  return {
    async CreateAlias(input: AliasInput, context: CallContext) {
      const name = input.AliasName ?? "";
      if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(name) || name.startsWith("alias/aws/")) {
        throw new ServiceError("InvalidAliasNameException", `Invalid alias name: ${name}`);
      }
      if (aliases.get(context.region, name) !== undefined) {
        throw new ServiceError(
          "AlreadyExistsException",
          `An alias with the name ${name} already exists`,
        );
      }
      aliases.put(context.region, name, {
        keyId: find(keys, aliases, context, input.TargetKeyId).id,
      });
      return {};
    },

    async UpdateAlias(input: AliasInput, context: CallContext) {
      existing(context, input.AliasName ?? "");
      aliases.put(context.region, input.AliasName ?? "", {
        keyId: find(keys, aliases, context, input.TargetKeyId).id,
      });
      return {};
    },

    async DeleteAlias(input: AliasInput, context: CallContext) {
      existing(context, input.AliasName ?? "");
      aliases.delete(context.region, input.AliasName ?? "");
      return {};
    },

    async ListAliases(input: KeyInput & PageInput, context: CallContext) {
      const all = aliases.entries().filter(({ region }) => region === context.region);
      const key =
        input.KeyId === undefined ? undefined : find(keys, aliases, context, input.KeyId).id;
      const chosen = all.filter(({ document }) => document.keyId === (key ?? document.keyId));
      const { items, ...rest } = page(chosen, ({ id }) => id, input);
      return {
        Aliases: items.map(({ id, document }) => ({
          AliasName: id,
          AliasArn: `arn:aws:kms:${context.region}:${context.accountId}:${id}`,
          TargetKeyId: document.keyId,
        })),
        ...rest,
      };
    },
  };
}
