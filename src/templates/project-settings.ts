import type { ScaffoldAnswers } from "./scaffold-answers.ts";

type Tree = Readonly<Record<string, unknown>>;

/** lmi.json: what was chosen, and the function of the template's own lmi.json. */
export function projectSettings(template: string, answers: ScaffoldAnswers): Tree {
  const { functions, ...others } = JSON.parse(template) as {
    readonly functions: Readonly<Record<string, { readonly entry: string }>>;
  };
  return {
    // Only a project with a package.json has lmi in it.
    ...(isNode(answers) ? { $schema: "./node_modules/lmi/lmi.schema.json" } : {}),
    name: answers.name,
    ...(answers.region === undefined ? {} : { region: answers.region }),
    network: { azs: answers.azs, egress: answers.egress },
    capacity: { architecture: answers.architecture, maxVCpu: answers.maxVCpu },
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, { entry, ...own }]) => [
        // Names are unique in an account and region: two projects from one example must not be in each other's way.
        answers.example === undefined ? name : answers.name,
        { entry, runtime: answers.runtime, memory: answers.memory, ...own },
      ]),
    ),
    ...others,
  };
}

function isNode({ language }: ScaffoldAnswers): boolean {
  return language === "typescript" || language === "javascript";
}
