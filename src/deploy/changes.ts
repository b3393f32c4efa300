import type { Toolkit } from "@aws-cdk/toolkit-lib";
import { type Consequence, consequenceOf } from "./consequences.ts";
import { type Exposure, exposures, permissionsOfUrls } from "./exposure.ts";
import { networkWays } from "./network-ways.ts";
import { changedVariables, shownProperty } from "./secret-values.ts";
import {
  type ExactWords,
  managedPolicyWords,
  plain,
  type SecurityChange,
  statementWords,
} from "./security-words.ts";
import type { TagChange } from "./stack-tags.ts";
import { toldApart } from "./told-apart.ts";

/** A template difference as the toolkit library makes it. */
export type TemplateDiff = Awaited<ReturnType<Toolkit["diff"]>>[string];

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** `mayReplace`: the value decides, and is known only while CloudFormation works. `import`: it is there already. */
  readonly kind: "add" | "import" | "modify" | "replace" | "mayReplace" | "remove";
  /** Of what is taken into the stack. */
  readonly physicalId?: string | undefined;
  /** Of what is changed: property by property. */
  readonly properties: readonly PropertyChange[];
  /** Of what is replaced or deleted, where somebody outside may notice. */
  readonly consequence?: Consequence | undefined;
}

export interface PropertyChange {
  readonly name: string;
  /** JSON; what may be a secret is left out. undefined: there is none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Whether this one makes CloudFormation replace the resource. */
  readonly replaces: boolean;
}

/** What a deploy would change, ready to show and to decide on. */
export interface ChangeSummary {
  readonly resources: readonly ResourceChange[];
  readonly security: readonly SecurityChange[];
  /** IAM statements, managed policies or security group rules are added, or something asks for no authorization. */
  readonly broadening: boolean;
  /** Only outputs, metadata or descriptions differ. */
  readonly otherChanges: boolean;
  /** Of the stack. */
  readonly tags: readonly TagChange[];
}

export type ApprovalPolicy = "never" | "any-change" | "broadening" | "destructive";
export const approvalPolicies: readonly ApprovalPolicy[] = [
  "never",
  "any-change",
  "broadening",
  "destructive",
];

const harmless: ReadonlySet<ResourceChange["kind"]> = new Set(["add", "import", "modify"]);

/** Whether a person has to agree to these changes. */
export function needsApproval(policy: ApprovalPolicy, changes: ChangeSummary): boolean {
  return asks[policy](changes);
}

const asks: Readonly<Record<ApprovalPolicy, (changes: ChangeSummary) => boolean>> = {
  never: () => false,
  "any-change": ({ resources, otherChanges, tags }) =>
    resources.length > 0 || otherChanges || tags.length > 0,
  broadening: ({ broadening }) => broadening,
  destructive: ({ resources }) => resources.some(({ kind }) => !harmless.has(kind)),
};

export function summariseChanges(
  diff: TemplateDiff,
  tags: readonly TagChange[] = [],
): ChangeSummary {
  const resources = Object.entries(diff.resources.changes).map(([logicalId, change]) => ({
    logicalId,
    type: change.newResourceType ?? change.oldResourceType ?? "",
    kind: kindOf(change.changeImpact),
    properties: change.isUpdate ? propertyChanges(change.propertyUpdates) : [],
  }));
  const exposed = exposures(diff.resources.changes);
  return {
    resources: resources.map(withConsequence),
    security: [
      ...exposed.map(exposure),
      ...iamChanges(diff),
      ...networkWays(diff.resources.changes).map(exposure),
      ...networkChanges(diff),
    ],
    broadening: diff.permissionsBroadened || exposed.some(({ sign }) => sign === "+"),
    otherChanges: diff.differenceCount > resources.length,
    tags,
  };
}

function withConsequence(change: ResourceChange): ResourceChange {
  const consequence = consequenceOf(change);
  return consequence === undefined ? change : { ...change, consequence };
}

type PropertyUpdates = TemplateDiff["resources"]["changes"][string]["propertyUpdates"];

function propertyChanges(updates: PropertyUpdates): PropertyChange[] {
  return Object.entries(updates).map(([name, { oldValue, newValue, changeImpact }]) => {
    const values = [oldValue, newValue] as const;
    const [before, after] = name === "Environment" ? changedVariables(...values) : values;
    return {
      name,
      before: shownProperty(name, before),
      after: shownProperty(name, after),
      replaces: kindOf(changeImpact ?? "") === "replace",
    };
  });
}

const kinds: Readonly<Record<string, ResourceChange["kind"]>> = {
  WILL_CREATE: "add",
  WILL_IMPORT: "add",
  WILL_REPLACE: "replace",
  MAY_REPLACE: "mayReplace",
  WILL_DESTROY: "remove",
  WILL_ORPHAN: "remove",
};

function kindOf(impact: string): ResourceChange["kind"] {
  return kinds[impact] ?? "modify";
}

function exposure({ logicalId, sign, words }: Exposure): SecurityChange {
  return { kind: "network", sign, subject: logicalId, words, text: `${logicalId}: ${words}` };
}

function iamChanges({ iamChanges: changes, resources }: TemplateDiff): SecurityChange[] {
  const { statements, managedPolicies } = changes;
  type Policy = (typeof managedPolicies.additions)[number];
  type Statement = (typeof statements.additions)[number];
  const policy = (sign: "+" | "-") => (each: Policy) =>
    iam(sign, managedPolicyWords(each.identityArn, each.managedPolicyArn));
  const throughUrls = permissionsOfUrls(resources.changes);
  const statement = (sign: "+" | "-") => (each: Statement) =>
    iam(sign, statementWords(each.render(), throughUrls && sign === "+"));
  return toldApart([
    ...managedPolicies.additions.map(policy("+")),
    ...statements.additions.map(statement("+")),
    ...managedPolicies.removals.map(policy("-")),
    ...statements.removals.map(statement("-")),
  ]);
}

function networkChanges({
  securityGroupChanges: { ingress, egress },
}: TemplateDiff): SecurityChange[] {
  type Rule = (typeof ingress.additions)[number];
  const line =
    (sign: "+" | "-", direction: "in" | "out") =>
    (rule: Rule): SecurityChange => {
      const [protocol, peer] = [rule.describeProtocol(), plain(rule.describePeer())];
      const subject = plain(rule.groupId).replace(/\.GroupId$/, "");
      const way = direction === "in" ? "from" : "to";
      const words = `lets ${direction} ${lowerFirst(protocol)} ${way} ${lowerFirst(peer)}`;
      const text = `${plain(rule.groupId)} lets ${direction} ${protocol} ${peer}`;
      return { kind: "network", sign, subject, words, text };
    };
  return [
    ...ingress.additions.map(line("+", "in")),
    ...egress.additions.map(line("+", "out")),
    ...ingress.removals.map(line("-", "in")),
    ...egress.removals.map(line("-", "out")),
  ];
}

function iam(sign: "+" | "-", words: ExactWords): SecurityChange & ExactWords {
  return { kind: "iam", sign, ...words };
}

/** The library says `Everything` and `Everyone`; `TCP` stays as it is. */
function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
