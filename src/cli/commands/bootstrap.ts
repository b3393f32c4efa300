import { Command } from "commander";
import { toolkitEnvironment } from "../../deploy/toolkit-environment.ts";
import { bootstrapStackName } from "../../deploy/bootstrap-stack-name.ts";
import { wrap } from "../output/wrap.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { examples, sharedOptions, type SharedOptions, targetOptions } from "../shared-options.ts";
import { projectOf } from "../project-of.ts";
import { reportInStep } from "./deploy/event-reporting.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { identify } from "./deploy/survey.ts";
import { startLimits } from "./deploy/time-limit.ts";
import { type DeployTools, liveDeployTools } from "./deploy/tools.ts";

export type BootstrapOptions = SharedOptions;

export interface Bootstrapped {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly version: number | undefined;
  readonly changed: boolean;
}

/** Bootstrapping takes a minute or two; an hour means that something hangs. */
const waitMinutes = 60;

export function bootstrapCommand(deps: Deps, run: typeof runBootstrap = runBootstrap): Command {
  return new Command("bootstrap")
    .description("Prepare account and region for deployments")
    .addHelpText(
      "after",
      examples([
        ["lmi bootstrap", "show what it makes, ask, make it"],
        ["lmi bootstrap --region eu-central-1 --yes", "another region, without a question"],
      ]),
    )
    .action((_flags: object, command: Command) => run(sharedOptions(command, deps.system), deps));
}

type BootstrapTools = Pick<DeployTools, "bootstrap" | "bootstrapVersion">;
type BootstrapDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;

export async function runBootstrap(
  options: BootstrapOptions,
  deps: BootstrapDeps,
  tools: BootstrapTools = liveDeployTools,
): Promise<void> {
  return sayingLocal(options, "bootstrap", () => bootstrap(options, deps, tools));
}

async function bootstrap(
  options: BootstrapOptions,
  deps: BootstrapDeps,
  tools: BootstrapTools,
): Promise<void> {
  const { system, reporter, prompter } = deps;
  const project = await projectOf(options, system);
  const aws = await deps.aws(targetOptions(options, project));
  const { accountId } = await identify(aws, bootstrapStackName, reporter);
  const before = await tools.bootstrapVersion(aws.target, system.env);
  reporter.info(
    before === undefined
      ? wrap(whatItMakes, 2)
      : `Bootstrapped already, version ${before}; brought up to date if that is old.`,
  );
  const message = `Bootstrap account ${accountId}, region ${aws.target.region}?`;
  if (!(await prompter.confirm({ message, flag: "--yes" }))) throw declined();

  system.setEnv(toolkitEnvironment(aws.target));
  const limits = startLimits(system, {
    awsGoesOn: `CloudFormation goes on with the stack ${bootstrapStackName} by itself.`,
    comeBack: "lmi bootstrap",
  });
  limits.allow(waitMinutes, aws.target);
  try {
    const changed = await reporter.step("bootstrap", (step) =>
      tools.bootstrap(accountId, {
        aws,
        now: system.now,
        sleep: system.sleep,
        signal: limits.signal,
        environment: system.env,
        onEvent: reportInStep(reporter, step),
      }),
    );
    const version = await tools.bootstrapVersion(aws.target, system.env);
    const result = {
      account: accountId,
      region: aws.target.region,
      stackName: bootstrapStackName,
      version,
      changed,
    };
    reporter.result<Bootstrapped>(result, renderBootstrapped);
  } finally {
    limits.end();
  }
}

/** The standard bootstrap template of the AWS CDK, the same that `cdk bootstrap` deploys. */
const whatItMakes =
  "+ stack CDKToolkit, as `cdk bootstrap` makes it: an S3 bucket for code, an ECR repository, 5 IAM roles (the one that CloudFormation works with may do anything), an SSM parameter. It costs next to nothing.";

export function renderBootstrapped({ account, region, version, changed }: Bootstrapped): string {
  const state = changed ? "is bootstrapped now" : "was bootstrapped already";
  return `Account ${account}, region ${region} ${state}${version === undefined ? "" : `, version ${version}`}.`;
}
