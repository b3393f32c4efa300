import { randomUUID } from "node:crypto";
import type { CallContext, Operation, Service, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { aliasOperations } from "./alias-operations.ts";
import { arnOf, find } from "./find-key.ts";
import { forgetDeleted } from "./forget-deleted.ts";
import type { Alias, Key, KeyInput } from "./keys.ts";
import type { Collection } from "../../state.ts";
import { page, type PageInput } from "./pages.ts";

/*
 * Keys as records, for templates that make and name them. Nothing is encrypted or decrypted: those operations
 * answer NotImplemented. The client of this service comes with the CDK toolkit library, so its input types are
 * written out here.
 */

interface CreateInput {
  readonly Description?: string;
  readonly KeyUsage?: string;
  readonly KeySpec?: string;
  readonly Policy?: string;
  readonly Tags?: Key["tags"];
}

export function createKmsService(target: TargetContext): Service {
  const keys = target.state.collection<Key>("kms.keys");
  const aliases = target.state.collection<Alias>("kms.aliases");
  return {
    name: "kms",
    operations: Object.fromEntries(
      Object.entries({
        ...keyOperations(target, keys, aliases),
        ...keySettingOperations(keys, aliases),
        ...deletionOperations(target, changeOf(keys, aliases)),
        ...aliasOperations(keys, aliases),
      }).map(([name, operation]): [string, Operation] => [
        name,
        (input, context) => {
          forgetDeleted(target, keys, aliases);
          return operation(input, context);
        },
      ]),
    ),
  };
}

function keyOperations(
  target: TargetContext,
  keys: Collection<Key>,
  aliases: Collection<Alias>,
): Record<string, Operation> {
  return {
    async CreateKey(input: CreateInput, context: CallContext) {
      if (input.Policy !== undefined) checkPolicy(input.Policy);
      const key: Key = {
        id: randomUUID(),
        created: target.clock.now().toISOString(),
        description: input.Description ?? "",
        usage: input.KeyUsage ?? "ENCRYPT_DECRYPT",
        spec: input.KeySpec ?? "SYMMETRIC_DEFAULT",
        policy: input.Policy ?? "{}",
        state: "Enabled",
        rotation: false,
        tags: input.Tags ?? [],
      };
      keys.put(context.region, key.id, key);
      return { KeyMetadata: describe(key, context) };
    },

    DescribeKey: async (input: KeyInput, context: CallContext) => ({
      KeyMetadata: describe(find(keys, aliases, context, input.KeyId), context),
    }),

    async ListKeys(input: PageInput, context: CallContext) {
      const { items, ...rest } = page(keys.list(context.region), ({ id }) => id, input);
      return { Keys: items.map(({ id }) => ({ KeyId: id, KeyArn: arnOf(id, context) })), ...rest };
    },
  };
}

function keySettingOperations(
  keys: Collection<Key>,
  aliases: Collection<Alias>,
): Record<string, Operation> {
  const change = changeOf(keys, aliases);
  return {
    GetKeyPolicy: async (input: KeyInput, context: CallContext) => ({
      Policy: find(keys, aliases, context, input.KeyId).policy,
      PolicyName: "default",
    }),

    async PutKeyPolicy(input: KeyInput & { readonly Policy?: string }, context: CallContext) {
      find(keys, aliases, context, input.KeyId);
      checkPolicy(input.Policy ?? "");
      change(context, input, { policy: input.Policy ?? "{}" });
      return {};
    },

    async UpdateKeyDescription(
      input: KeyInput & { readonly Description?: string },
      context: CallContext,
    ) {
      change(context, input, { description: input.Description ?? "" }, isKept);
      return {};
    },

    async EnableKeyRotation(input: KeyInput, context: CallContext) {
      change(context, input, { rotation: true }, isEnabled);
      return {};
    },

    async DisableKeyRotation(input: KeyInput, context: CallContext) {
      change(context, input, { rotation: false }, isEnabled);
      return {};
    },
  };
}

/** Changes a key whose state allows it. */
type Change = (
  context: CallContext,
  input: KeyInput,
  changes: Partial<Key>,
  isAllowed?: (state: Key["state"]) => boolean,
) => Key;

function changeOf(keys: Collection<Key>, aliases: Collection<Alias>): Change {
  return (context, input, changes, isAllowed = () => true) => {
    const before = find(keys, aliases, context, input.KeyId);
    if (!isAllowed(before.state)) throw invalidState(before, context, isAllowed === isEnabled);
    const key = { ...before, ...changes };
    keys.put(context.region, key.id, key);
    return key;
  };
}

function deletionOperations(target: TargetContext, change: Change): Record<string, Operation> {
  return {
    async ScheduleKeyDeletion(
      input: KeyInput & { readonly PendingWindowInDays?: number },
      context: CallContext,
    ) {
      const days = input.PendingWindowInDays ?? 30;
      if (!Number.isInteger(days) || days < 7 || days > 30) throw invalidWindow(days);
      const deletion = new Date(target.clock.now().getTime() + days * 86_400_000);
      const changes = { state: "PendingDeletion", deletion: deletion.toISOString() } as const;
      const key = change(context, input, changes, isKept);
      return {
        KeyId: arnOf(key.id, context),
        DeletionDate: deletion,
        KeyState: key.state,
        PendingWindowInDays: days,
      };
    },

    async CancelKeyDeletion(input: KeyInput, context: CallContext) {
      const changes = { state: "Disabled", deletion: undefined } as const;
      const key = change(context, input, changes, (state) => !isKept(state));
      return { KeyId: arnOf(key.id, context) };
    },
  };
}

/** Key states that allow an operation: AWS KMS developer guide, "Key states of AWS KMS keys". */
const isEnabled = (state: Key["state"]) => state === "Enabled";
const isKept = (state: Key["state"]) => state !== "PendingDeletion";

function invalidState(key: Key, context: CallContext, needsEnabled: boolean): ServiceError {
  const state = {
    Enabled: "is enabled",
    Disabled: "is disabled",
    PendingDeletion: "is pending deletion",
  }[key.state];
  const code =
    needsEnabled && key.state === "Disabled" ? "DisabledException" : "KMSInvalidStateException";
  return new ServiceError(code, `${arnOf(key.id, context)} ${state}.`);
}

function checkPolicy(policy: string): void {
  try {
    if (typeof JSON.parse(policy) === "object") return;
  } catch {
    // Refused below.
  }
  throw new ServiceError(
    "MalformedPolicyDocumentException",
    "The new key policy is not a valid policy document",
  );
}

/** Source: AWS KMS API reference, ScheduleKeyDeletion: 7 to 30 days. */
function invalidWindow(days: number): ServiceError {
  const text = `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between 7 and 30`;
  return new ServiceError("ValidationException", text, { status: 400 });
}

function describe(key: Key, context: CallContext): object {
  return {
    AWSAccountId: context.accountId,
    KeyId: key.id,
    Arn: arnOf(key.id, context),
    CreationDate: new Date(key.created),
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    DeletionDate: key.deletion,
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    KeySpec: key.spec,
    // The older name of KeySpec, which does not know its newer values (botocore service model).
    ...(/^(?:SYMMETRIC_DEFAULT|RSA_|ECC_NIST_P|ECC_SECG_|HMAC_|SM2)/.test(key.spec)
      ? { CustomerMasterKeySpec: key.spec }
      : {}),
    MultiRegion: false,
  };
}
