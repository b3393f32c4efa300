import type { Roles } from "../../../aws/ports.ts";

/** Whose policies count for a caller. */
export type Principal =
  | { readonly kind: "root" }
  /** A user's or a role's ARN, with its path. */
  | { readonly kind: "policies"; readonly arn: string }
  /** Federated users have a user's policies and those of their session, which nobody tells. */
  | { readonly kind: "unknown" };

/** The role behind an assumed role has its path only in IAM; without permission to look there it is left out. */
export async function principalOf(
  callerArn: string,
  roles: Pick<Roles, "arnOf">,
): Promise<Principal> {
  if (/^arn:[\w-]+:iam::\d{12}:root$/.test(callerArn)) return { kind: "root" };
  if (/^arn:[\w-]+:iam::\d{12}:user\//.test(callerArn)) return { kind: "policies", arn: callerArn };
  const assumed = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  const [, partition = "aws", account = "", name = ""] = assumed ?? [];
  if (assumed === null) return { kind: "unknown" };
  const arn = await roles.arnOf(name);
  return { kind: "policies", arn: arn ?? `arn:${partition}:iam::${account}:role/${name}` };
}
