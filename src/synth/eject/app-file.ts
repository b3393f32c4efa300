import type { Template } from "../synthesize.ts";
import { type Code, quoted } from "./code.ts";
import { importLines, lineComment, statement } from "./source-file.ts";

export interface AppFileRequest {
  readonly className: string;
  readonly stackName: string;
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
  /** The region that the project names. */
  readonly region: string | undefined;
}

/** The app: what is deployed where, under which name. */
export function appFile({ className, stackName, template, tags, region }: AppFileRequest): string {
  const imports = importLines([
    { from: "aws-cdk-lib", names: ["App"] },
    { from: "./stack.ts", names: [className] },
  ]);
  const description = template["Description"];
  const members: (readonly [string, Code])[] = [
    ...(typeof description === "string" ? [["description", quoted(description)] as const] : []),
    ["tags", { members: Object.entries(tags).map(([key, value]) => [key, quoted(value)]) }],
  ];
  const stack: Code = {
    callee: `new ${className}`,
    arguments: ["app", quoted(stackName), { members }],
  };
  return [
    imports,
    region === undefined ? "" : regionCheck(region),
    "const app = new App({ analyticsReporting: false });\n",
    `${lineComment("The stack is found by its name: another one would be another stack. It stays open in account and region. Its tags go to all resources.", 0)}${statement("", stack, 0)}`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function regionCheck(region: string): string {
  return `${lineComment(`The stack lives in ${region}. Elsewhere, cdk deploy would make a second one.`, 0)}const region = process.env["CDK_DEFAULT_REGION"] ?? ${quoted(region)};
if (region !== ${quoted(region)}) {
  throw new Error(\`This stack is in ${region}, not in \${region}: set AWS_REGION=${region}\`);
}
`;
}
