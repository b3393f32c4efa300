import type { ScaffoldAnswers } from "./scaffold-answers.ts";
import { handler } from "./handler.ts";
import { handlerTest } from "./handler-test.ts";
import { gitignore, packageJson, projectFile, tsconfig } from "./project-files.ts";

/** The files of a new project, by path relative to its folder, in the order to show them. */
export function scaffold(answers: ScaffoldAnswers): Readonly<Record<string, string>> {
  const typescript = answers.language === "typescript";
  const extension = typescript ? "ts" : "js";
  return {
    "lmi.json": projectFile(answers, `src/handler.${extension}`),
    [`src/handler.${extension}`]: handler(typescript),
    "events/sample.json": '{ "test": "data" }\n',
    [`test/handler.test.${extension}`]: handlerTest(extension),
    "package.json": packageJson(answers),
    ...(typescript ? { "tsconfig.json": tsconfig } : {}),
    ".gitignore": gitignore,
  };
}
