import type { ScaffoldAnswers } from "./scaffold-answers.ts";

const FUNCTION_NAME = "my-managed-instance-function";

/** lmi.json: what was chosen, and the function. */
export function projectFile(answers: ScaffoldAnswers, entry: string): string {
  return json({
    $schema: "./node_modules/lmi/lmi.schema.json",
    name: answers.name,
    ...(answers.region === undefined ? {} : { region: answers.region }),
    network: { azs: answers.azs, egress: answers.egress },
    capacity: { architecture: answers.architecture, maxVCpu: answers.maxVCpu },
    functions: { [FUNCTION_NAME]: { entry, runtime: answers.runtime, memory: answers.memory } },
  });
}

export function packageJson(answers: ScaffoldAnswers): string {
  const dependencies = {
    ...(answers.language === "typescript" ? { "@types/node": "^24.0.0" } : {}),
    ...(answers.lmiVersion === undefined ? {} : { lmi: `^${answers.lmiVersion}` }),
  };
  return json({
    name: answers.name.toLowerCase(),
    private: true,
    type: "module",
    scripts: { test: "node --test", deploy: "lmi deploy" },
    ...(Object.keys(dependencies).length === 0 ? {} : { devDependencies: dependencies }),
  });
}

/** For editors; esbuild and Node only strip the types. */
export const tsconfig = json({
  compilerOptions: {
    target: "es2024",
    module: "nodenext",
    strict: true,
    noEmit: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    types: ["node"],
  },
  include: ["src", "test"],
});

export const gitignore = `node_modules/
.lmi/
cdk.out/
`;

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
