import type { Emitted } from "./emit.ts";
import { createFunctionName } from "./group-file.ts";
import type { TemplateParts } from "./template-parts.ts";
import { docComment, importLines, statement } from "./source-file.ts";

export interface StackFileRequest {
  readonly parts: TemplateParts;
  readonly emitted: Emitted;
  readonly className: string;
  readonly project: string;
  /** Groups that return something, by name. */
  readonly returning: ReadonlySet<string>;
}

/** The stack itself: what it is made of, in the order in which it is made. */
export function stackFile(request: StackFileRequest): string {
  const { emitted, className, project, returning, parts } = request;
  const created = emitted.groups.map(({ group, uses }) => {
    const args = [
      "this",
      ...emitted.groups.map((other) => other.group.name).filter((name) => uses.groups.has(name)),
    ];
    const isUsed = returning.has(group.name);
    return statement(
      isUsed ? `const ${group.name} = ` : "",
      { callee: createFunctionName(group.name), arguments: args },
      4,
    );
  });
  const imports = importLines([
    { from: "aws-cdk-lib", names: [...emitted.stack.uses.core, "Stack"], types: ["StackProps"] },
    { from: "constructs", types: ["Construct"] },
    { from: "./existing-network.ts", names: emitted.stack.uses.values },
    ...emitted.groups.map(({ group }) => ({
      from: `./${group.file}.ts`,
      names: [createFunctionName(group.name)],
    })),
  ]);
  return `${imports}
${docComment(`The functions of ${project} on Lambda Managed Instances, with all that they need.`)}export class ${className} extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

${[parts.before, created, parts.outputs].flatMap((part) => (part.length === 0 ? [] : [part.join("")])).join("\n")}  }
}
`;
}
