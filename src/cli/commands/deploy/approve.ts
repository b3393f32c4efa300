import type { Aws, StackState } from "../../../aws/ports.ts";
import { type ApprovalPolicy, type ChangeSummary, needsApproval } from "../../../deploy/changes.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import { declined } from "../../declined.ts";
import type { Prompter } from "../../prompter.ts";

/** Asks whether the account and region may be bootstrapped. The local target is ours: nobody is asked. */
export async function approveBootstrap(
  aws: Aws,
  account: string,
  prompter: Prompter,
): Promise<void> {
  if (aws.target.local) return;
  const where = `account ${account}, region ${aws.target.region}`;
  const message = `Deployments need a bucket and roles that ${where} does not have yet (as \`cdk bootstrap\` makes them). Make them?`;
  try {
    if (await prompter.confirm({ message, flag: "--yes" })) return;
  } catch (error) {
    throw error instanceof LmiError && error.code === "LMI_APPROVAL_NEEDED"
      ? bootstrapNeeded(where, error)
      : error;
  }
  throw declined();
}

function bootstrapNeeded(where: string, cause: LmiError): LmiError {
  return new LmiError("LMI_BOOTSTRAP_NEEDED", `A first deployment must prepare ${where}.`, {
    why: "It makes the stack CDKToolkit, with a bucket and roles, and nobody can be asked here. Nothing was changed.",
    next: "lmi bootstrap --yes   (or give this command --yes)",
    exitCode: ExitCode.declined,
    cause,
  });
}

/** A failed stack in which something survived: to clear it away destroys that. */
function holdsResources(stack: StackState | undefined): boolean {
  return stack !== undefined && /^(CREATE|DELETE|ROLLBACK)_FAILED$/.test(stack.status);
}

/** Asks for a yes where the policy wants one. */
export async function approveChanges(
  changes: ChangeSummary,
  request: {
    readonly policy: ApprovalPolicy;
    readonly stackName: string;
    readonly clearsAway: StackState | undefined;
  },
  prompter: Prompter,
): Promise<void> {
  const destroys = request.policy === "destructive" && holdsResources(request.clearsAway);
  if (!destroys && !needsApproval(request.policy, changes)) return;
  const first = request.clearsAway ? "Delete the failed stack and deploy" : "Deploy";
  if (!(await prompter.confirm({ message: `${first} ${request.stackName}?`, flag: "--yes" })))
    throw declined();
}
