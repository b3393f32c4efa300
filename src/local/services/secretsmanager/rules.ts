import { ServiceError } from "../../service-error.ts";

/** Source of limits: AWS Secrets Manager API reference, CreateSecret and DeleteSecret; most texts are ours. */
const maxBytes = 65_536;
const windowDays = { least: 7, most: 30 } as const;

export function checkName(name: string): void {
  if (/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name)) return;
  throw new ServiceError(
    "ValidationException",
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
  );
}

/** The model lets a tag be without a key, the service does not; the text is ours. */
export function tagOf({ Key, Value = "" }: { readonly Key?: string; readonly Value?: string }) {
  if (Key === undefined)
    throw new ServiceError("InvalidParameterException", "A tag must have a key.");
  return { Key, Value };
}

interface Value {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** Never with the value: it is one that nobody shall read. */
export function checkValue({ SecretString, SecretBinary }: Value): void {
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw new ServiceError(
      "InvalidParameterException",
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  const bytes = SecretBinary?.length ?? Buffer.byteLength(SecretString ?? "");
  if (bytes > maxBytes)
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to ${maxBytes}`,
    );
}

/** Days until a secret is gone for good. */
export function recoveryDays(
  days: number | undefined,
  force: boolean | undefined,
): number | undefined {
  if (force && days !== undefined)
    throw new ServiceError(
      "InvalidParameterException",
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  if (force) return undefined;
  const wanted = days ?? windowDays.most;
  if (wanted < windowDays.least || wanted > windowDays.most)
    throw new ServiceError(
      "InvalidParameterException",
      `The RecoveryWindowInDays value must be between ${windowDays.least} and ${windowDays.most} days (inclusive).`,
    );
  return wanted;
}
