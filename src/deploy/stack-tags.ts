type Tags = Readonly<Record<string, string>>;

/** A tag of the stack that a deploy changes; CloudFormation hands them on to every resource that takes tags. */
export interface TagChange {
  readonly name: string;
  /** undefined: the stack has no such tag. */
  readonly before: string | undefined;
  /** undefined: the project has no such tag. */
  readonly after: string | undefined;
}

/**
 * Tags that differ. They are in no template, so that nothing else tells of them.
 * @param deployed undefined where there is no stack yet: nothing is changed then
 */
export function changedTags(wanted: Tags, deployed: Tags | undefined): TagChange[] {
  if (deployed === undefined) return [];
  const left = new Map(Object.entries(deployed));
  const set = Object.entries(wanted).flatMap(([name, after]) => {
    const found = left.has(name) ? name : [...left.keys()].find((key) => isSame(key, name));
    const before = found === undefined ? undefined : left.get(found);
    left.delete(found ?? name);
    return before !== undefined && isSame(before, after) ? [] : [{ name, before, after }];
  });
  const removed = [...left].map(([name, before]) => ({ name, before, after: undefined }));
  return [...set, ...removed];
}

/**
 * CloudFormation gives back a question mark for each character of templates and outputs beyond ASCII
 * (aws-cloudformation/cloudformation-coverage-roadmap, issue 814); whether of tags as well, nobody says. A text that is
 * read with one counts as what it may have been: the roles of every stack get its tags, and IAM takes no question mark
 * in them (IAM API reference, Tag).
 */
function isSame(deployed: string, wanted: string): boolean {
  return deployed === wanted || (deployed.includes("?") && folded(deployed) === folded(wanted));
}

function folded(text: string): string {
  return text.replaceAll(/[?\u{80}-\u{10ffff}]+/gu, "?");
}
