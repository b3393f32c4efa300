/**
 * JSON text with escapes for all that is not ASCII. CloudFormation reads both alike, and gives back a question mark for
 * each other character of a template (aws-cloudformation/cloudformation-coverage-roadmap, issues 814 and 1220), while
 * escapes come back as they were written (aws/aws-cli, issue 10185).
 */
export function asciiJson(json: string): string {
  return json.replaceAll(
    beyondAscii,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

// Without the flag u: JSON escapes the halves of a pair one by one.
// oxlint-disable-next-line require-unicode-regexp -- As said.
const beyondAscii = /[\u0080-\uffff]/g;
