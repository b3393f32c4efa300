import { isRecord } from "../is-record.ts";

/**
 * A template that was deployed with other texts than ASCII, not escaped, comes back with a question mark for each of
 * their characters (aws-cloudformation/cloudformation-coverage-roadmap, issue 1220; `mangleLikeCloudFormation` of
 * @aws-cdk/cloudformation-diff). Where the project has a text that would come back so, it is taken for that one: else
 * every deploy would see a change. A change from one such character to another is then not seen.
 * @param deployed as CloudFormation gives it back
 */
export function asWritten(
  deployed: string | undefined,
  wanted: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!deployed?.includes("?")) return deployed;
  try {
    return JSON.stringify(restored(JSON.parse(deployed), wanted));
  } catch {
    // Not JSON, so not a template that lmi wrote.
    return deployed;
  }
}

function restored(deployed: unknown, wanted: unknown): unknown {
  if (typeof deployed === "string")
    return typeof wanted === "string" && givenBack(wanted) === deployed ? wanted : deployed;
  if (Array.isArray(deployed))
    return deployed.map((each, index) =>
      restored(each, Array.isArray(wanted) ? wanted[index] : undefined),
    );
  if (!isRecord(deployed) || !isRecord(wanted)) return deployed;
  const entries = Object.entries(deployed);
  return Object.fromEntries(entries.map(([key, value]) => [key, restored(value, wanted[key])]));
}

function givenBack(text: string): string {
  return text.replaceAll(/[\u{80}-\u{10ffff}]/gu, "?");
}
