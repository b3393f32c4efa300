import type { StackOrigin, StackState } from "../../../aws/ports.ts";
import type { Owner, Tool } from "./model.ts";

type Tags = Readonly<Record<string, string>>;

/** What lmi puts on its stacks, and CloudFormation on all that is in them. */
export const projectTag = "lmi:project";
const stackNameTag = "aws:cloudformation:stack-name";

export interface OwnerRequest {
  readonly arn: string;
  /** undefined: not allowed to be read. */
  readonly tags: Tags | undefined;
  /** undefined: not allowed to be listed. */
  readonly stacks: readonly StackState[] | undefined;
  readonly origin: (stackName: string) => Promise<StackOrigin | undefined>;
}

/** Whose a capacity provider is: by its own tags, else by a stack that names it in its outputs. */
export async function ownerOf({
  arn,
  tags = {},
  stacks = [],
  origin,
}: OwnerRequest): Promise<Owner> {
  const naming = stacks.find(({ outputs }) => Object.values(outputs).includes(arn));
  const stackName = tags[stackNameTag] ?? naming?.stackName;
  const stack = stacks.find((each) => each.stackName === stackName);
  if (projectTag in tags || projectTag in (stack?.tags ?? {})) return { tool: "lmi", stackName };
  if (stackName === undefined) return { tool: toolByTags(tags), stackName: undefined };
  const known = toolByOutputs(stack) ?? toolByOrigin(await origin(stackName));
  return { tool: known, stackName };
}

/** Nothing marks what Terraform makes but the tags that its users give. */
function toolByTags(tags: Tags): Tool {
  const words = Object.entries(tags).flat();
  return words.some((word) => /terraform|opentofu/i.test(word)) ? "terraform" : "unknown";
}

/** The Serverless Framework's template always has this output. */
function toolByOutputs(stack: StackState | undefined): Tool | undefined {
  return stack && "ServerlessDeploymentBucketName" in stack.outputs ? "serverless" : undefined;
}

function toolByOrigin(origin: StackOrigin | undefined): Tool {
  if (origin === undefined) return "cloudformation";
  if (origin.transforms.some((name) => name.startsWith("AWS::Serverless"))) return "sam";
  // CDK's default synthesizer adds the parameter, its analytics the resource.
  const isCdk =
    origin.resourceTypes.includes("AWS::CDK::Metadata") ||
    origin.parameters.includes("BootstrapVersion");
  return isCdk ? "cdk" : "cloudformation";
}

const names: Readonly<Record<Tool, string>> = {
  lmi: "lmi",
  cdk: "CDK",
  sam: "SAM",
  serverless: "Serverless Framework",
  terraform: "Terraform",
  cloudformation: "CloudFormation",
  unknown: "unknown: it is in no CloudFormation stack",
};

/** `stack lmi-hello`, or `not lmi's: SAM, stack orders`. */
export function ownerText({ tool, stackName }: Owner): string {
  const stack = stackName === undefined ? "" : `stack ${stackName}`;
  if (tool === "lmi") return stack === "" ? "lmi" : stack;
  return `not lmi's: ${names[tool]}${stack === "" ? "" : `, ${stack}`}`;
}
