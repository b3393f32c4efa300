import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { constraint, invalidParameter } from "./failures.ts";

const rolePattern =
  /^arn:(?:aws[a-zA-Z-]*):iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*(?<name>[\w+=,.@-]{1,64})$/;

/** A role must exist and trust Lambda. */
export async function checkRole(
  target: TargetContext,
  roleArn: string | undefined,
  context: CallContext,
): Promise<void> {
  const RoleName = rolePattern.exec(roleArn ?? "")?.groups?.["name"];
  if (RoleName === undefined)
    throw constraint(
      "role",
      roleArn,
      "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    );
  const cannotAssume = invalidParameter(
    "The role defined for the function cannot be assumed by Lambda.",
  );
  try {
    const { Role } = await target.call<{
      readonly Role?: { readonly AssumeRolePolicyDocument?: string };
    }>("iam", "GetRole", { RoleName }, context);
    const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    if (!trust.includes("lambda.amazonaws.com")) throw cannotAssume;
  } catch (error) {
    if (error instanceof ServiceError && error.code.startsWith("NoSuchEntity")) throw cannotAssume;
    throw error;
  }
}

/** The first capacity provider makes it (Lambda developer guide, lambda-managed-instances-operator-role). */
export async function ensureServiceLinkedRole(
  target: TargetContext,
  context: CallContext,
): Promise<void> {
  const AWSServiceName = "lambda.amazonaws.com";
  try {
    await target.call("iam", "CreateServiceLinkedRole", { AWSServiceName }, context);
  } catch (error) {
    // It has been there before.
    if (!(error instanceof ServiceError && error.code === "InvalidInputException")) throw error;
  }
}
