import { ServiceError } from "../../service-error.ts";
import type { CallContext } from "../../service.ts";
import type { Collection } from "../../state.ts";

export interface SecretVersion {
  readonly id: string;
  /** `AWSCURRENT`, `AWSPREVIOUS` and labels of one's own. */
  readonly stages: readonly string[];
  readonly created: string;
  readonly text?: string | undefined;
  /** Base64. */
  readonly binary?: string | undefined;
}

export interface Secret {
  readonly name: string;
  /** Six characters behind the name in its ARN (Secrets Manager user guide, "What's in a secret"). */
  readonly suffix: string;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly created: string;
  readonly changed: string;
  /** When it was asked to be deleted; it can be had back until `deleteAt`, in milliseconds of the clock. */
  readonly deleted?: string | undefined;
  readonly deleteAt?: number | undefined;
  readonly tags: readonly { readonly Key?: string; readonly Value?: string }[];
  /** The oldest first. */
  readonly versions: readonly SecretVersion[];
}

export type Secrets = Collection<Secret>;

export const current = "AWSCURRENT";
const previous = "AWSPREVIOUS";

export function arnOf({ name, suffix }: Secret, { region, accountId }: CallContext): string {
  return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`;
}

/** By name, ARN, or ARN without its last six characters (API reference, GetSecretValue: SecretId). */
export function findSecret(secrets: Secrets, context: CallContext, id: string | undefined): Secret {
  const byName = secrets.get(context.region, id ?? "");
  const found =
    byName ??
    secrets.list(context.region).find((secret) => {
      const arn = arnOf(secret, context);
      return id === arn || id === arn.slice(0, -7);
    });
  if (found) return found;
  throw new ServiceError(
    "ResourceNotFoundException",
    "Secrets Manager can't find the specified secret.",
  );
}

export function refuseDeleted(secret: Secret): void {
  if (secret.deleted === undefined) return;
  throw new ServiceError(
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

/** The version of an id, of a label, or of both; the current one where neither is given. */
export function findVersion(
  { versions }: Secret,
  id: string | undefined,
  stage: string | undefined,
): SecretVersion {
  const label = stage ?? (id === undefined ? current : undefined);
  const found = versions.find(
    (version) =>
      (id === undefined || version.id === id) &&
      (label === undefined || version.stages.includes(label)),
  );
  if (found) return found;
  const wanted = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
  throw new ServiceError(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret value for ${wanted}`,
  );
}

/** AWS keeps up to about a hundred versions that have no label (API reference, PutSecretValue). */
const maxVersions = 100;

/**
 * With one more version that has these labels. Who had AWSCURRENT has AWSPREVIOUS from then on, and other labels move
 * (user guide, "Secret versions").
 */
export function withVersion(
  versions: readonly SecretVersion[],
  added: SecretVersion,
): readonly SecretVersion[] {
  const taken = new Set(added.stages);
  const becomesCurrent = taken.has(current);
  const moved = versions.map((version) => {
    const kept = version.stages.filter(
      (stage) => !taken.has(stage) && !(becomesCurrent && stage === previous),
    );
    const wasCurrent = becomesCurrent && version.stages.includes(current);
    return { ...version, stages: wasCurrent ? [...kept, previous] : kept };
  });
  const unlabelled = new Set(moved.filter(({ stages }) => stages.length === 0).slice(-maxVersions));
  return [
    ...moved.filter((version) => version.stages.length > 0 || unlabelled.has(version)),
    added,
  ];
}
