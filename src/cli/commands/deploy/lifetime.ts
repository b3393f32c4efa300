import { awsCommand } from "../../../aws/aws-command.ts";
import type { AwsTarget } from "../../../aws/target.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { Settings } from "../../../synth/settings.ts";
import { expiryAfter, expiryName } from "../../../synth/ttl.ts";
import type { Reporter } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";
import { expiryInWords } from "../../output/instant.ts";
import type { FreeSurvey } from "./await-turn.ts";

/** What the template's parameters are to be: the time at which the stack goes, counted from now. */
export function lifetimeParameters(
  { ttl }: Pick<Settings, "ttl">,
  now: Date,
): Readonly<Record<string, string>> | undefined {
  return ttl === undefined ? undefined : { [expiryName]: expiryAfter(ttl, now) };
}

/**
 * Says when the stack will be deleted, or that it no longer will: before anybody is asked. Throws LMI_STACK_PROTECTED
 * where CloudFormation would refuse.
 */
export function sayLifetime(
  { condition, aws }: Pick<FreeSurvey, "condition" | "aws">,
  { ttl }: Pick<Settings, "ttl">,
  reporter: Reporter,
  now: Date,
): void {
  const stack = condition.kind === "ready" ? condition.stack : undefined;
  const before = stack?.outputs[expiryName];
  if (ttl === undefined) {
    if (before !== undefined)
      reporter.warn(
        `The stack was to be deleted ${expiryInWords(before, now)}. Without --ttl this deploy takes that away: it stays, and costs, until lmi destroy.`,
      );
    return;
  }
  if (stack?.terminationProtection) throw protectedStack(stack.stackName, ttl, aws.target);
  const renewed = before === undefined ? "" : ` It was to go ${expiryInWords(before, now)}.`;
  reporter.info(
    wrap(
      `Goes    ${ttl} after this deploy, ${expiryInWords(expiryAfter(ttl, now), now)}: CloudFormation then deletes the stack with all that is in it.${renewed}`,
      8,
    ),
  );
}

function protectedStack(stackName: string, ttl: string, target: AwsTarget): LmiError {
  const words = `cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}`;
  return new LmiError("LMI_STACK_PROTECTED", `Stack ${stackName} is protected against deletion.`, {
    why: `With a time to live (--ttl ${ttl}) CloudFormation would have to delete it, and would refuse. Nothing was changed.`,
    next: `Leave --ttl out, or: ${awsCommand(target, words)}`,
    exitCode: ExitCode.usage,
    details: { stackName },
  });
}
