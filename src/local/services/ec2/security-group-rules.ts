import type { IpPermission } from "@aws-sdk/client-ec2";

import { own } from "../../own.ts";
import type { TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { findSecurityGroup } from "./find.ts";
import type { Ec2Store, SecurityGroupRuleDocument, TagDocument } from "./store.ts";
import { newId } from "./store.ts";

type NewRule = Omit<
  SecurityGroupRuleDocument,
  "SecurityGroupRuleId" | "GroupId" | "GroupOwnerId" | "Tags"
>;

const protocolNames: Readonly<Record<string, string>> = {
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
  all: "-1",
};

/** The rules that a list of IpPermissions stands for: one for each source or destination. */
export function rulesOf(permissions: readonly IpPermission[], IsEgress: boolean): NewRule[] {
  return permissions.flatMap((permission) => {
    const asked = (permission.IpProtocol ?? "").toLowerCase();
    const IpProtocol = own(protocolNames, asked) ?? asked;
    if (IpProtocol === "")
      throw new ServiceError(
        "MissingParameter",
        "The request must contain the parameter IpProtocol",
      );
    // Rules for all protocols have no ports; EC2 shows -1.
    const FromPort = IpProtocol === "-1" ? -1 : (permission.FromPort ?? -1);
    const ToPort = IpProtocol === "-1" ? -1 : (permission.ToPort ?? -1);
    const common = { IsEgress, IpProtocol, FromPort, ToPort };
    return [
      ...(permission.IpRanges ?? []).map((range) => ({
        ...common,
        CidrIpv4: range.CidrIp ?? "",
        ...described(range.Description),
      })),
      ...(permission.Ipv6Ranges ?? []).map((range) => ({
        ...common,
        CidrIpv6: range.CidrIpv6 ?? "",
        ...described(range.Description),
      })),
      ...(permission.PrefixListIds ?? []).map((list) => ({
        ...common,
        PrefixListId: list.PrefixListId ?? "",
        ...described(list.Description),
      })),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
        ...common,
        ReferencedGroupInfo: {
          GroupId: pair.GroupId ?? "",
          ...(pair.UserId ? { UserId: pair.UserId } : {}),
        },
        ...described(pair.Description),
      })),
    ];
  });
}

function described(text: string | undefined): { Description?: string } {
  return text === undefined ? {} : { Description: text };
}

/** Two rules with the same key are the same rule, whatever their description. */
function ruleKey(rule: NewRule): string {
  const peer =
    rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId;
  return [rule.IsEgress, rule.IpProtocol, rule.FromPort, rule.ToPort, peer].join(" ");
}

/** The IpPermissions that rules come to: one for each protocol and port range. */
export function permissionsOf(
  rules: readonly SecurityGroupRuleDocument[],
  accountId: string,
): IpPermission[] {
  const groups = Map.groupBy(rules, (rule) => `${rule.IpProtocol} ${rule.FromPort} ${rule.ToPort}`);
  return [...groups.values()].map((members) => {
    const [first] = members;
    const ports =
      first?.IpProtocol === "-1" ? {} : { FromPort: first?.FromPort, ToPort: first?.ToPort };
    return {
      IpProtocol: first?.IpProtocol,
      ...ports,
      IpRanges: members.flatMap((rule) =>
        rule.CidrIpv4 ? [{ CidrIp: rule.CidrIpv4, ...described(rule.Description) }] : [],
      ),
      Ipv6Ranges: members.flatMap((rule) =>
        rule.CidrIpv6 ? [{ CidrIpv6: rule.CidrIpv6, ...described(rule.Description) }] : [],
      ),
      PrefixListIds: members.flatMap((rule) =>
        rule.PrefixListId
          ? [{ PrefixListId: rule.PrefixListId, ...described(rule.Description) }]
          : [],
      ),
      UserIdGroupPairs: members.flatMap((rule) =>
        rule.ReferencedGroupInfo?.GroupId
          ? [
              {
                GroupId: rule.ReferencedGroupInfo.GroupId,
                UserId: accountId,
                ...described(rule.Description),
              },
            ]
          : [],
      ),
    };
  });
}

export interface RuleChange {
  readonly region: string;
  readonly groupId: string;
  readonly rules: readonly NewRule[];
  readonly tags?: readonly TagDocument[];
}

/** Adds rules to a group; one that is there already is refused, as EC2 does. */
export function authorize(
  target: TargetContext,
  store: Ec2Store,
  change: RuleChange,
): SecurityGroupRuleDocument[] {
  const group = findSecurityGroup(store, change.region, change.groupId);
  const known = new Set(group.Rules.map(ruleKey));
  for (const rule of change.rules) {
    if (rule.ReferencedGroupInfo?.GroupId)
      findSecurityGroup(store, change.region, rule.ReferencedGroupInfo.GroupId);
    if (!known.has(ruleKey(rule))) continue;
    throw new ServiceError(
      "InvalidPermission.Duplicate",
      `the specified rule "peer: ${rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.ReferencedGroupInfo?.GroupId ?? rule.PrefixListId}, ${rule.IpProtocol === "-1" ? "ALL" : `${rule.IpProtocol?.toUpperCase()}, from port: ${rule.FromPort}, to port: ${rule.ToPort}`}, ALLOW" already exists`,
    );
  }
  const added = change.rules.map((rule) => ({
    ...rule,
    SecurityGroupRuleId: newId(target, "sgr"),
    GroupId: group.GroupId,
    GroupOwnerId: target.accountId,
    Tags: [...(change.tags ?? [])],
  }));
  store.securityGroups.put(change.region, group.GroupId, {
    ...group,
    Rules: [...group.Rules, ...added],
  });
  return added;
}

/** Takes rules out of a group. */
export function revoke(store: Ec2Store, change: RuleChange): void {
  const group = findSecurityGroup(store, change.region, change.groupId);
  const keys = new Set(change.rules.map(ruleKey));
  const known = new Set(group.Rules.map(ruleKey));
  if ([...keys].some((key) => !known.has(key))) {
    throw new ServiceError(
      "InvalidPermission.NotFound",
      "The specified rule does not exist in this security group.",
    );
  }
  const Rules = group.Rules.filter((rule) => !keys.has(ruleKey(rule)));
  store.securityGroups.put(change.region, group.GroupId, { ...group, Rules });
}

/** Sets the descriptions of rules that are there. */
export function describeRules(store: Ec2Store, change: RuleChange): void {
  const group = findSecurityGroup(store, change.region, change.groupId);
  const descriptions = new Map(change.rules.map((rule) => [ruleKey(rule), rule.Description]));
  const known = new Set(group.Rules.map(ruleKey));
  if ([...descriptions.keys()].some((key) => !known.has(key))) {
    throw new ServiceError(
      "InvalidPermission.NotFound",
      "The specified rule does not exist in this security group.",
    );
  }
  const Rules = group.Rules.map((rule) => {
    if (!descriptions.has(ruleKey(rule))) return rule;
    const { Description: _before, ...rest } = rule;
    return { ...rest, ...described(descriptions.get(ruleKey(rule))) };
  });
  store.securityGroups.put(change.region, group.GroupId, { ...group, Rules });
}
