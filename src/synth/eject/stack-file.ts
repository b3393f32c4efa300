import type { Template } from "../synthesize.ts";
import { type Code, quoted } from "./code.ts";
import type { Emitted } from "./emit.ts";
import { createFunctionName } from "./group-file.ts";
import { intrinsicCode, isRecord, functionName, plainCode } from "./intrinsics.ts";
import { camelCase } from "./variables.ts";
import { docComment, importLines, statement } from "./source-file.ts";

export interface StackFileRequest {
  readonly template: Template;
  readonly emitted: Emitted;
  readonly className: string;
  readonly project: string;
  /** Groups that return something, by name. */
  readonly returning: ReadonlySet<string>;
}

/** Outputs as code. Call it before the groups are written: it notes which resources they have to return. */
export function outputStatements({
  template,
  emitted,
}: Pick<StackFileRequest, "template" | "emitted">): string[] {
  const { names } = emitted.stack;
  return Object.entries(template.Outputs ?? {}).map(([id, output]) => {
    const { Description, Value, Export, ...others } = output as Readonly<Record<string, unknown>>;
    const value = names.value(Value) ?? outputValue(Value, emitted);
    const members: [string, Code][] = [
      ...(typeof Description === "string"
        ? [["description", quoted(Description)] as [string, Code]]
        : []),
      ["value", value],
      ...(isRecord(Export) && typeof Export["Name"] === "string"
        ? [["exportName", quoted(Export["Name"])] as [string, Code]]
        : []),
    ];
    if (Object.keys(others).length > 0)
      throw new TypeError(`output ${id} has ${Object.keys(others).join(", ")}`);
    const construct = (constructId: string): Code => ({
      callee: `new ${names.core("CfnOutput")}`,
      arguments: ["this", quoted(constructId), { members }],
    });
    if (!(id in template.Resources)) return statement("", construct(id), 4);
    // A resource has this id already.
    const variable = `${camelCase(id)}Output`;
    const override: Code = { callee: `${variable}.overrideLogicalId`, arguments: [quoted(id)] };
    return `${statement(`const ${variable} = `, construct(`${id}Output`), 4)}${statement("", override, 4)}`;
  });
}

function outputValue(value: unknown, { stack }: Emitted): Code {
  if (isRecord(value) && functionName(value) !== undefined) {
    return intrinsicCode(value, "string", stack.names);
  }
  return plainCode(value, stack.names);
}

export function stackFile(request: StackFileRequest, outputs: readonly string[]): string {
  const { emitted, className, project, returning } = request;
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

${created.join("")}
${outputs.join("")}  }
}
`;
}
