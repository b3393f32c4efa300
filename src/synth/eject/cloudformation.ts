import type { Settings } from "../settings.ts";
import type { Template } from "../synthesize.ts";
import { templateYaml } from "../template-yaml.ts";
import { afterwards, secretsNote } from "./readme.ts";

export interface CloudFormationRequest {
  readonly settings: Settings;
  readonly stackName: string;
  readonly region: string | undefined;
  readonly template: Template;
  /** Archives: where they lie in the project, and their key in the bucket. */
  readonly archives: readonly { readonly file: string; readonly objectKey: string }[];
}

/** A template larger than this goes through a bucket (CloudFormation user guide, cloudformation-limits). */
const INLINE_BYTES = 51_200;

/** Template and README.md of a stack that is deployed with the AWS CLI alone. */
export async function cloudFormationTexts(
  request: CloudFormationRequest,
): Promise<Readonly<Record<string, string>>> {
  const template = await templateYaml(withoutLmi(request.template));
  const isLarge = Buffer.byteLength(template) > INLINE_BYTES;
  return { "README.md": readme(request, isLarge), "template.yaml": template };
}

/** Which lmi wrote the template is of no more use. */
function withoutLmi({ Metadata, ...template }: Template): object {
  const { lmi: _lmi, ...others } = (Metadata ?? {}) as Readonly<Record<string, unknown>>;
  return Object.keys(others).length === 0 ? template : { ...template, Metadata: others };
}

function readme(request: CloudFormationRequest, isLarge: boolean): string {
  const { settings, stackName, region, template, archives } = request;
  const tags = Object.entries({ ...settings.tags, "lmi:project": settings.name });
  const deploy = [
    "aws cloudformation deploy",
    `--stack-name ${stackName}`,
    "--template-file template.yaml",
    `--capabilities ${capabilities(template)}`,
    `--tags ${tags.map(([key, value]) => shellWord(`${key}=${value}`)).join(" ")}`,
    "--no-fail-on-empty-changeset",
    ...(isLarge ? ['--s3-bucket "$BUCKET"'] : []),
  ].join(" \\\n  ");
  return `# ${settings.name}

The functions of ${settings.name} on [AWS Lambda Managed Instances](https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html), as a CloudFormation template: the stack \`${stackName}\`. All it takes is the AWS CLI.

## Deploy

\`\`\`sh
export AWS_REGION="${region ?? "<the region where it is>"}"
export AWS_DEFAULT_REGION="$AWS_REGION"   # for version 1 of the AWS CLI
BUCKET="cdk-hnb659fds-assets-$(aws sts get-caller-identity --query Account --output text)-$AWS_REGION"
${archives.map(({ file, objectKey }) => `aws s3 cp ${shellWord(file)} "s3://$BUCKET/${objectKey}"`).join("\n")}
${deploy}
\`\`\`

Where lmi has deployed \`${stackName}\` already, this takes it over: same stack, same resources, nothing is replaced. Before you change something, the last command finds no changes. To see what it would change, add \`--no-execute-changeset\` and run the \`aws cloudformation describe-change-set\` that it prints.

The bucket is that of the CDK bootstrap, where lmi has put the code. In an account and region without it, make a bucket of your own, name it as \`Code.S3Bucket\` of the functions in template.yaml and as \`BUCKET\` above, and delete the parameter \`BootstrapVersion\` and the rule \`CheckBootstrapVersion\`.

## New code

CloudFormation looks at the name of the archive, not into it: new code needs a new \`S3Key\`. Zip what Lambda is to run, upload it under a name that was not used yet, write that name to \`Code.S3Key\` in template.yaml, and deploy. Or write the path of the archive as \`Code\` and let \`aws cloudformation package --template-file template.yaml --s3-bucket "$BUCKET" --output-template-file packaged.yaml\` upload and name it.
${versionNote(template)}${secretsNote(settings)}
${afterwards(settings, stackName, `aws cloudformation delete-stack --stack-name ${stackName}`)}`;
}

/** Without it, an alias would stay at old code. */
function versionNote({ Resources }: Template): string {
  const versions = Object.entries(Resources).filter(
    ([, { Type }]) => Type === "AWS::Lambda::Version",
  );
  if (versions.length === 0) return "";
  const ids = versions.map(([id]) => `\`${id}\``).join(", ");
  return `
A version never changes. With new code or other settings of its function it needs another logical id, and so do the aliases that name it: rename ${ids} (another ending will do), and CloudFormation publishes a new version, moves the alias, and deletes the one before.
`;
}

function capabilities({ Resources, Transform }: Template): string {
  const isNamed = Object.values(Resources).some(
    ({ Type, Properties = {} }) =>
      Type.startsWith("AWS::IAM::") &&
      Object.keys(Properties).some((key) =>
        /^(Role|User|Group|ManagedPolicy|InstanceProfile)Name$/.test(key),
      ),
  );
  const iam = isNamed ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
  return Transform === undefined ? iam : `${iam} CAPABILITY_AUTO_EXPAND`;
}

function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
