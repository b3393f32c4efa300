import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { templateValidator } from "../../src/synth/validate-template.ts";

/** What validators say about settings that are the user's own wish. */
const wanted: ReadonlySet<string> = new Set([
  // A statement with NotAction, in the words of lmi.json.
  "W2512",
  // A runtime that AWS will retire, and that Managed Instances still take.
  "W2531",
]);

/** Errors and warnings of @aws/cloudformation-validate; loading it takes 2 to 4 s, a template some 50 ms. */
export function awsValidator(): {
  findings(template: object): string[];
  close(): void;
} {
  const validator = templateValidator();
  return {
    findings: (template) =>
      validator
        .validate(template)
        .filter(({ code }) => !wanted.has(code))
        .map(({ code, path, message }) => `${code} ${path}: ${message}`),
    close: () => validator.close(),
  };
}

/** What cfn-lint says about template files, all in one run. */
export async function cfnLintFindings(
  program: string,
  files: readonly string[],
): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program, ["--format", "json", ...files], {
    maxBuffer: 100_000_000,
  }).catch((error: { stdout: string }) => error);
  const found = JSON.parse(stdout === "" ? "[]" : stdout) as {
    readonly Filename: string;
    readonly Message: string;
    readonly Rule: { readonly Id: string };
  }[];
  return found
    .filter(({ Rule }) => !wanted.has(Rule.Id))
    .map(({ Filename, Rule, Message }) => `${Filename}: ${Rule.Id} ${Message}`);
}
