import { randomUUID } from "node:crypto";
import type {
  CreateSecretRequest,
  DeleteSecretRequest,
  DescribeSecretRequest,
  GetSecretValueRequest,
  ListSecretsRequest,
  PutSecretValueRequest,
  UpdateSecretRequest,
} from "@aws-sdk/client-secrets-manager";
import type { CallContext, Operation, Service, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { listed } from "./list.ts";
import { checkName, checkValue, recoveryDays, tagOf } from "./rules.ts";
import {
  arnOf,
  current,
  findSecret,
  findVersion,
  refuseDeleted,
  type Secret,
  type Secrets,
  type SecretVersion,
  withVersion,
} from "./secret.ts";

/**
 * Secrets Manager: what CloudFormation's dynamic references and functions read. Values stand in the state folder, which
 * is its owner's alone; nothing is encrypted, rotated or replicated.
 */
export function createSecretsManagerService(target: TargetContext): Service {
  const secrets = target.state.collection<Secret>("secretsmanager.secrets");
  const operations = { ...readOperations(secrets), ...writeOperations(target, secrets) };
  return {
    name: "secretsmanager",
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]): [string, Operation] => [
        name,
        (input, context) => {
          forgetDeleted(target, secrets, context);
          return operation(input, context);
        },
      ]),
    ),
  };
}

function readOperations(secrets: Secrets): Record<string, Operation> {
  return {
    async GetSecretValue(input: GetSecretValueRequest, context: CallContext) {
      const secret = findSecret(secrets, context, input.SecretId);
      refuseDeleted(secret);
      const version = findVersion(secret, input.VersionId, input.VersionStage);
      return {
        ARN: arnOf(secret, context),
        Name: secret.name,
        VersionId: version.id,
        VersionStages: [...version.stages],
        CreatedDate: version.created,
        ...(version.text === undefined ? {} : { SecretString: version.text }),
        ...(version.binary === undefined
          ? {}
          : { SecretBinary: Buffer.from(version.binary, "base64") }),
      };
    },
    async DescribeSecret(input: DescribeSecretRequest, context: CallContext) {
      const secret = findSecret(secrets, context, input.SecretId);
      return {
        ...description(secret, context),
        VersionIdsToStages: stagesOf(secret),
      };
    },
    async ListSecrets(input: ListSecretsRequest, context: CallContext) {
      const { items, NextToken } = listed(secrets.list(context.region), input);
      return {
        SecretList: items.map((secret) => ({
          ...description(secret, context),
          SecretVersionsToStages: stagesOf(secret),
        })),
        NextToken,
      };
    },
  };
}

function writeOperations(target: TargetContext, secrets: Secrets): Record<string, Operation> {
  const now = () => target.clock.now().toISOString();
  return {
    CreateSecret: async (input: CreateSecretRequest, context: CallContext) =>
      create(target, secrets, input, context),

    async PutSecretValue(input: PutSecretValueRequest, context: CallContext) {
      const secret = changeable(secrets, context, input.SecretId);
      checkValue(input);
      if (input.SecretString === undefined && input.SecretBinary === undefined)
        throw new ServiceError(
          "InvalidRequestException",
          "You must provide either SecretString or SecretBinary.",
        );
      const version = newVersion(input, now(), input.VersionStages ?? [current]);
      const next = withValue(secret, version);
      secrets.put(context.region, secret.name, { ...next, changed: now() });
      return {
        ...identity(secret, context),
        VersionId: version.id,
        VersionStages: stagesOf(next)[version.id],
      };
    },

    async UpdateSecret(input: UpdateSecretRequest, context: CallContext) {
      const secret = changeable(secrets, context, input.SecretId);
      checkValue(input);
      const version = hasValue(input) ? newVersion(input, now(), [current]) : undefined;
      const next = version ? withValue(secret, version) : secret;
      secrets.put(context.region, secret.name, {
        ...next,
        description: input.Description ?? secret.description,
        kmsKeyId: input.KmsKeyId ?? secret.kmsKeyId,
        changed: now(),
      });
      return { ...identity(secret, context), ...(version ? { VersionId: version.id } : {}) };
    },

    async DeleteSecret(input: DeleteSecretRequest, context: CallContext) {
      const days = recoveryDays(input.RecoveryWindowInDays, input.ForceDeleteWithoutRecovery);
      const secret = findSecret(secrets, context, input.SecretId);
      if (days !== undefined) refuseDeleted(secret);
      const deleteAt = target.clock.now().getTime() + (days ?? 0) * 86_400_000;
      if (days === undefined) secrets.delete(context.region, secret.name);
      else secrets.put(context.region, secret.name, { ...secret, deleted: now(), deleteAt });
      return { ...identity(secret, context), DeletionDate: new Date(deleteAt).toISOString() };
    },
  };
}

function create(
  target: TargetContext,
  secrets: Secrets,
  input: CreateSecretRequest,
  context: CallContext,
) {
  const name = input.Name ?? "";
  checkName(name);
  checkValue(input);
  const before = secrets.get(context.region, name);
  const again = before?.versions.find(({ id }) => id === input.ClientRequestToken);
  if (before && again) return { ...identity(before, context), VersionId: again.id };
  if (before?.deleted !== undefined)
    throw new ServiceError(
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  if (before)
    throw new ServiceError(
      "ResourceExistsException",
      `The operation failed because the secret ${name} already exists.`,
    );
  const created = target.clock.now().toISOString();
  const version = hasValue(input) ? newVersion(input, created, [current]) : undefined;
  const secret: Secret = {
    name,
    suffix: suffix(target.random),
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    created,
    changed: created,
    tags: (input.Tags ?? []).map(tagOf),
    versions: version ? [version] : [],
  };
  secrets.put(context.region, name, secret);
  return { ...identity(secret, context), ...(version ? { VersionId: version.id } : {}) };
}

type Valued = Pick<PutSecretValueRequest, "SecretString" | "SecretBinary" | "ClientRequestToken">;

const hasValue = ({ SecretString, SecretBinary }: Valued) =>
  SecretString !== undefined || SecretBinary !== undefined;

function newVersion(input: Valued, created: string, stages: readonly string[]): SecretVersion {
  const { SecretString, SecretBinary, ClientRequestToken } = input;
  return {
    id: ClientRequestToken ?? randomUUID(),
    stages,
    created,
    ...(SecretString === undefined ? {} : { text: SecretString }),
    ...(SecretBinary === undefined ? {} : { binary: Buffer.from(SecretBinary).toString("base64") }),
  };
}

/** The same token with the same value is the same request again; with another value it is refused. */
function withValue(secret: Secret, version: SecretVersion): Secret {
  const same = secret.versions.find(({ id }) => id === version.id);
  if (same === undefined) return { ...secret, versions: withVersion(secret.versions, version) };
  if (same.text === version.text && same.binary === version.binary) return secret;
  throw new ServiceError(
    "ResourceExistsException",
    `You can't modify an existing version, you can only create a new version. The version ${version.id} exists.`,
  );
}

function changeable(secrets: Secrets, context: CallContext, id: string | undefined): Secret {
  const secret = findSecret(secrets, context, id);
  refuseDeleted(secret);
  return secret;
}

const identity = (secret: Secret, context: CallContext) => ({
  ARN: arnOf(secret, context),
  Name: secret.name,
});

function description(secret: Secret, context: CallContext): Record<string, unknown> {
  return {
    ...identity(secret, context),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: secret.created,
    LastChangedDate: secret.changed,
    DeletedDate: secret.deleted,
    Tags: [...secret.tags],
  };
}

/** Versions without a label are not told, as on AWS. */
function stagesOf({ versions }: Secret): Record<string, string[]> {
  return Object.fromEntries(
    versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, [...stages]]),
  );
}

function forgetDeleted(target: TargetContext, secrets: Secrets, { region }: CallContext): void {
  const now = target.clock.now().getTime();
  for (const { name, deleteAt } of secrets.list(region))
    if (deleteAt !== undefined && deleteAt <= now) secrets.delete(region, name);
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function suffix(random: () => number): string {
  return Array.from({ length: 6 }, () => letters[Math.floor(random() * letters.length)]).join("");
}
