import { type Check, failure, ok, type Patient, type Verdict, warning } from "../check.ts";

/** What the stack's own rule asks for (CDK's DefaultStackSynthesizer, MIN_BOOTSTRAP_STACK_VERSION). */
const least = 6;

export const bootstrapCheck: Check = { name: "bootstrap", permission: "ssm:GetParameter", run };

async function run({ aws, bootstrapVersion }: Patient): Promise<Verdict> {
  const { region } = aws.target;
  const version = await bootstrapVersion();
  const command = `lmi bootstrap --region ${region}`;
  if (version === undefined)
    return warning(
      `${region} is not bootstrapped; lmi deploy asks, and does it`,
      `Or do it now: ${command}`,
    );
  if (version < least)
    return failure(`version ${version}, while a deploy needs ${least}`, `Renew it: ${command}`);
  return ok(`version ${version}, where ${least} is needed`);
}
