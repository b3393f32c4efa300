import type { Toolkit } from "@aws-cdk/toolkit-lib";

/** A template difference as the toolkit library makes it. */
export type TemplateDiff = Awaited<ReturnType<Toolkit["diff"]>>[string];

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** `mayReplace`: the value decides, and is known only while CloudFormation works. */
  readonly kind: "add" | "modify" | "replace" | "mayReplace" | "remove";
}

export interface SecurityChange {
  readonly kind: "iam" | "network";
  readonly sign: "+" | "-";
  readonly text: string;
}

/** What a deploy would change, ready to show and to decide on. */
export interface ChangeSummary {
  readonly resources: readonly ResourceChange[];
  readonly security: readonly SecurityChange[];
  /** IAM statements, managed policies or security group rules are added. */
  readonly broadening: boolean;
  /** Only outputs, metadata or descriptions differ. */
  readonly otherChanges: boolean;
}

export type ApprovalPolicy = "never" | "any-change" | "broadening" | "destructive";
export const approvalPolicies: readonly ApprovalPolicy[] = [
  "never",
  "any-change",
  "broadening",
  "destructive",
];

/** Whether a person has to agree to these changes. */
export function needsApproval(policy: ApprovalPolicy, changes: ChangeSummary): boolean {
  return asks[policy](changes);
}

const asks: Readonly<Record<ApprovalPolicy, (changes: ChangeSummary) => boolean>> = {
  never: () => false,
  "any-change": ({ resources, otherChanges }) => resources.length > 0 || otherChanges,
  broadening: ({ broadening }) => broadening,
  destructive: ({ resources }) => resources.some(({ kind }) => kind !== "add" && kind !== "modify"),
};

export function summariseChanges(diff: TemplateDiff): ChangeSummary {
  const resources = Object.entries(diff.resources.changes).map(([logicalId, change]) => ({
    logicalId,
    type: change.newResourceType ?? change.oldResourceType ?? "",
    kind: kindOf(change.changeImpact),
  }));
  return {
    resources,
    security: [...iamChanges(diff), ...networkChanges(diff)],
    broadening: diff.permissionsBroadened,
    otherChanges: diff.differenceCount > resources.length,
  };
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

function iamChanges({ iamChanges: changes }: TemplateDiff): SecurityChange[] {
  const { statements, managedPolicies } = changes;
  return [
    ...managedPolicies.additions.map((policy) =>
      iam("+", `${plain(policy.identityArn)}  ${plain(policy.managedPolicyArn)}`),
    ),
    ...statements.additions.map((statement) => iam("+", statementText(statement.render()))),
    ...managedPolicies.removals.map((policy) =>
      iam("-", `${plain(policy.identityArn)}  ${plain(policy.managedPolicyArn)}`),
    ),
    ...statements.removals.map((statement) => iam("-", statementText(statement.render()))),
  ];
}

interface StatementWords {
  readonly resource: string;
  readonly effect: string;
  readonly action: string;
  readonly principal: string;
}

function statementText({ resource, effect, action, principal }: StatementWords): string {
  const [who, verb, what] = [plain(principal), `${effect.toLowerCase()}s`, plain(action)];
  return `${who} ${verb} ${what} on ${plain(resource)}`;
}

function networkChanges({
  securityGroupChanges: { ingress, egress },
}: TemplateDiff): SecurityChange[] {
  type Rule = (typeof ingress.additions)[number];
  const line =
    (sign: "+" | "-", direction: string) =>
    (rule: Rule): SecurityChange => ({
      kind: "network",
      sign,
      text: `${plain(rule.groupId)} ${direction} ${rule.describeProtocol()} ${plain(rule.describePeer())}`,
    });
  return [
    ...ingress.additions.map(line("+", "lets in")),
    ...egress.additions.map(line("+", "lets out")),
    ...ingress.removals.map(line("-", "lets in")),
    ...egress.removals.map(line("-", "lets out")),
  ];
}

function iam(sign: "+" | "-", text: string): SecurityChange {
  return { kind: "iam", sign, text };
}

/** `${OperatorRole.Arn}` and line breaks are the library's; people read names. */
function plain(text: string): string {
  return text
    .replaceAll(/\$\{([^}]+)\}/g, "$1")
    .replaceAll(/\s*\n\s*/g, ", ")
    .replaceAll("arn:AWS::Partition:", "arn:aws:");
}
