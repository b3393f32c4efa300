import { examples, languages } from "../../../templates/catalogue.ts";
import type { ScaffoldAnswers } from "../../../templates/scaffold-answers.ts";

/** The commands to go on with, one a line. */
export function nextSteps(
  { language, example }: Pick<ScaffoldAnswers, "language" | "example">,
  folder: string,
  lmi: string,
): string[] {
  const { local, test, title } = languages[language];
  const cd = folder === "" ? "" : `cd ${quoted(folder)} && `;
  const install = example !== undefined && examples[example].packages ? "npm install && " : "";
  if (!local) {
    return [
      `Next: ${cd}${test}   (its test)`,
      `      ${cd}${lmi} deploy   (AWS; the local target does not run ${title})`,
    ];
  }
  return [
    "On this machine it costs nothing.",
    `Next: ${cd}${install}${lmi} deploy --local   (no AWS account needed)`,
    `      ${cd}${install}${lmi} deploy           (AWS)`,
  ];
}

/** As a shell takes it. */
function quoted(folder: string): string {
  return /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
}
