import { nodeMajor } from "../runtimes.ts";
import { deployedFunctionName } from "../names.ts";
import { soundsSecret } from "../secret-names.ts";
import type { Settings } from "../settings.ts";
import type { CodePlan } from "./code-file.ts";

export interface ReadmeRequest {
  readonly settings: Settings;
  readonly stackName: string;
  /** The region that the project names. */
  readonly region: string | undefined;
  readonly infra: string;
  /** Of the app, relative to `infra`. */
  readonly files: readonly string[];
  readonly code: Readonly<Record<string, CodePlan>>;
}

/** README.md of an ejected CDK project. */
export function cdkReadme(request: ReadmeRequest): string {
  const { settings, stackName, region, infra, files, code } = request;
  return `# ${settings.name}

The functions of ${settings.name} on [AWS Lambda Managed Instances](https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html), as an [AWS CDK](https://docs.aws.amazon.com/cdk/v2/guide/home.html) project. It makes the CloudFormation stack \`${stackName}\`.

## Deploy

\`\`\`sh
npm install
npx cdk diff      # what would change
npx cdk deploy
\`\`\`

${region === undefined ? `Account and region are those of your AWS settings (\`AWS_PROFILE\`, \`AWS_REGION\`).` : `The account is that of your AWS settings (\`AWS_PROFILE\`); \`AWS_REGION\` has to be \`${region}\`.`} An account and region where CDK was never used needs \`npx cdk bootstrap\` first.

Where lmi has deployed \`${stackName}\` already, this takes it over: same stack, same resources, nothing is replaced. Before you change something, \`npx cdk diff\` finds one difference, the entry \`lmi\` of the template's metadata, which is gone; nothing that runs has it. Should the code be bundled differently here (another version of a package, another package manager), the first deployment updates the functions in place.

## Where things are

${layout(infra, files)}

${Object.entries(code)
  .map(([key, plan]) => codeLine(key, plan, settings))
  .join("\n")}

\`npm run types\` checks the types of \`${infra}/\`. \`cdk.json\` switches off metadata that CDK would add to every resource: it changes nothing that runs, but would be a difference to what is deployed.
${secretsNote(settings)}
${afterwards(settings, stackName, "npx cdk destroy")}`;
}

function layout(infra: string, files: readonly string[]): string {
  const texts: Readonly<Record<string, string>> = {
    "app.ts": "name, description and tags of the stack",
    "stack.ts": "what the stack is made of, and its outputs",
    "existing-network.ts": "ids of the VPC that the stack uses",
    "network.ts": "VPC, subnets, routes, security groups",
    "capacity-provider.ts": "EC2 instances: how many, which, and the role that runs them",
    "resources.ts": "what the functions use",
    "integrations.ts": "what uses the functions",
    "version.ts": "when a function gets a new version",
    "code.ts": "how code is bundled and uploaded",
    "build.ts": "what makes code before it is uploaded",
  };
  const rows = files.map((file) => {
    const text = texts[file] ?? "a function with its role and log group";
    return `| \`${infra}/${file}\` | ${text} |`;
  });
  return ["| file | holds |", "|---|---|", ...rows].join("\n");
}

function codeLine(key: string, plan: CodePlan, settings: Settings): string {
  const entry = settings.functions[key]?.entry ?? "";
  const { runtime = "", build } = settings.functions[key] ?? {};
  const node = nodeMajor(runtime);
  return plan.kind === "bundle"
    ? `- \`${key}\` is bundled from \`${entry}\` with esbuild${node === undefined ? "" : ` for Node.js ${node}`} whenever the app runs.`
    : `- \`${key}\` is taken from \`${plan.path}\` as it is. ${build === undefined ? "Whatever builds it has to put it there before you deploy." : `\`cdk\` lets \`${build}\` make it before each run: \`build\` in cdk.json.`}`;
}

/** Where names of environment variables sound like secrets. */
export function secretsNote({ functions }: Settings): string {
  const names = Object.values(functions).flatMap(({ environment }) =>
    // References to parameters and secrets hold no value.
    Object.entries(environment).flatMap(([name, value]) =>
      typeof value === "string" && soundsSecret(name) ? [name] : [],
    ),
  );
  if (names.length === 0) return "";
  const shown = [...new Set(names)].map((name) => `\`${name}\``).join(", ");
  return `
## Secrets

Values of environment variables stand here in plain text, as they did in the settings. These look like secrets: ${shown}. Keep them in Secrets Manager or Systems Manager Parameter Store before this goes into a repository.
`;
}

/** What lmi did beside CloudFormation, and how it is done without. */
export function afterwards(settings: Settings, stackName: string, destroy: string): string {
  const names = Object.keys(settings.functions).map((key) =>
    deployedFunctionName(key, settings.environment),
  );
  const [name = ""] = names;
  return `## What lmi did besides

- **Readiness.** CloudFormation's "complete" is not yet an answer: Lambda starts instances, and the version \`$LATEST.PUBLISHED\` has to become active on them. Ask until \`State\` is \`Active\` and \`LastUpdateStatus\` is \`Successful\`:

  \`\`\`sh
  aws lambda get-function-configuration --function-name ${name} --qualifier '$LATEST.PUBLISHED' \\
    --query '{State:State,LastUpdateStatus:LastUpdateStatus,Reason:LastUpdateStatusReason}'
  \`\`\`

- **Invoking.** Without a qualifier, Lambda calls \`$LATEST.PUBLISHED\`:

  \`\`\`sh
  aws lambda invoke --function-name ${name} --cli-binary-format raw-in-base64-out \\
    --payload '{"test":"data"}' response.json
  \`\`\`

- **Logs.** \`aws logs tail /aws/lambda/${name} --follow\`; those of the capacity provider are in \`/aws/lambda/capacity-provider/${stackName}\`.
- **Destroying.** \`${destroy}\`. Functions go first, then the capacity provider and with it its instances, then roles, routes and network; the dependencies see to this order. A version that was published besides (\`aws lambda publish-version\`) keeps the provider from being deleted: delete it first.
- **Cost.** Instances bill by the hour, whether they are invoked or not. \`MaxVCpuCount\` of the capacity provider limits what they can cost.
- **Checking settings.** What AWS would refuse only while deploying, lmi refused before. [cfn-lint](https://github.com/aws-cloudformation/cfn-lint) finds part of it.

## Going on

- Almost everything in a capacity provider changes only by replacement: CloudFormation makes a second one, moves the functions there, and deletes the first.
- Logical ids are what CloudFormation knows resources by: another id is another resource, and the old one is deleted.
- One process serves many requests at once on Managed Instances: keep what belongs to a request in variables of the function, never in variables of the module.
- The stack's tag \`lmi:project\` lets lmi find the stack again. Removing it touches the tags of all resources.
`;
}
