import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupIngressRequest,
  CreateSecurityGroupRequest,
  DeleteSecurityGroupRequest,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupsRequest,
  IpPermission,
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupIngressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { byIds, createOnce, dependencyViolation, tagsFor } from "./creating.ts";
import { select } from "./describe.ts";
import { findSecurityGroup, findVpc, missing } from "./find.ts";
import {
  authorize,
  describeRules,
  permissionsOf,
  revoke,
  rulesOf,
} from "./security-group-rules.ts";
import type { Ec2Store, SecurityGroupDocument, TagDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

/** A new group lets everything out and nothing in. */
function newGroup(
  target: TargetContext,
  vpcId: string,
  name: string,
  description: string,
): SecurityGroupDocument {
  const GroupId = newId(target, "sg");
  const [allowAll] = rulesOf([{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }], true);
  return {
    GroupId,
    GroupName: name,
    Description: description,
    VpcId: vpcId,
    OwnerId: target.accountId,
    Tags: [],
    Rules: allowAll
      ? [
          {
            ...allowAll,
            SecurityGroupRuleId: newId(target, "sgr"),
            GroupId,
            GroupOwnerId: target.accountId,
            Tags: [],
          },
        ]
      : [],
  };
}

/** The group that every VPC has from the start. */
export function defaultSecurityGroup(target: TargetContext, vpcId: string): SecurityGroupDocument {
  const group = newGroup(target, vpcId, "default", "default VPC security group");
  const [fromItself] = rulesOf(
    [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: group.GroupId }] }],
    false,
  );
  if (!fromItself) return group;
  const rule = {
    ...fromItself,
    SecurityGroupRuleId: newId(target, "sgr"),
    GroupId: group.GroupId,
    GroupOwnerId: target.accountId,
    Tags: [],
  };
  return { ...group, Rules: [rule, ...group.Rules] };
}

function create(target: TargetContext, input: CreateSecurityGroupRequest, { region }: CallContext) {
  const store = openEc2Store(target);
  if (!input.VpcId) throw new ServiceError("VPCIdNotSpecified", "No default VPC for this user");
  const { VpcId } = findVpc(store, region, input.VpcId);
  const name = input.GroupName ?? "";
  if (name.startsWith("sg-")) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*`,
    );
  }
  const Tags = tagsFor("security-group", input.TagSpecifications);
  return createOnce(target, region, store.securityGroups, input, () => {
    const taken = store.securityGroups
      .list(region)
      .some((group) => group.VpcId === VpcId && group.GroupName === name);
    if (taken) {
      throw new ServiceError(
        "InvalidGroup.Duplicate",
        `The security group '${name}' already exists for VPC '${VpcId}'`,
      );
    }
    const document = { ...newGroup(target, VpcId, name, input.Description ?? ""), Tags };
    return { id: document.GroupId, document };
  });
}

function isReferenced(store: Ec2Store, region: string, groupId: string): boolean {
  const byInterface = store.networkInterfaces
    .list(region)
    .some((candidate) => (candidate.Groups ?? []).some((group) => group.GroupId === groupId));
  const byGroup = store.securityGroups
    .list(region)
    .some(
      (group) =>
        group.GroupId !== groupId &&
        group.Rules.some((rule) => rule.ReferencedGroupInfo?.GroupId === groupId),
    );
  return byInterface || byGroup;
}

function remove(
  target: TargetContext,
  input: DeleteSecurityGroupRequest,
  { region }: CallContext,
): void {
  target.state.transaction(() => {
    const store = openEc2Store(target);
    const { GroupId, GroupName } = findSecurityGroup(store, region, input.GroupId);
    if (GroupName === "default") {
      throw new ServiceError(
        "CannotDelete",
        `the specified group: "${GroupId}" name: "default" cannot be deleted by a user`,
      );
    }
    if (isReferenced(store, region, GroupId))
      throw dependencyViolation(`resource ${GroupId} has a dependent object`);
    store.securityGroups.delete(region, GroupId);
  });
}

/** Old requests name one range beside the list of permissions. */
function permissionsIn(input: AuthorizeSecurityGroupIngressRequest): IpPermission[] {
  if (input.IpPermissions && input.IpPermissions.length > 0) return input.IpPermissions;
  const { IpProtocol, FromPort, ToPort, CidrIp } = input;
  return CidrIp === undefined ? [] : [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }];
}

type RuleRequest = AuthorizeSecurityGroupIngressRequest | AuthorizeSecurityGroupEgressRequest;
type RevokeRequest = RevokeSecurityGroupIngressRequest | RevokeSecurityGroupEgressRequest;

function ruleTags(input: RuleRequest): TagDocument[] {
  return tagsFor("security-group-rule", input.TagSpecifications);
}

function redescribe(
  store: Ec2Store,
  input: UpdateSecurityGroupRuleDescriptionsIngressRequest,
  egress: boolean,
  region: string,
) {
  const rules = rulesOf(input.IpPermissions ?? [], egress);
  describeRules(store, { region, groupId: input.GroupId ?? "", rules });
  return { Return: true };
}

function ruleOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  function add(input: RuleRequest, egress: boolean, region: string) {
    const rules = rulesOf(permissionsIn(input), egress);
    const change = { region, groupId: input.GroupId ?? "", rules, tags: ruleTags(input) };
    return { Return: true, SecurityGroupRules: authorize(target, store, change) };
  }
  function take(input: RevokeRequest, egress: boolean, region: string) {
    const groupId = input.GroupId ?? "";
    const ids = new Set(input.SecurityGroupRuleIds);
    const rules =
      ids.size > 0
        ? findSecurityGroup(store, region, groupId).Rules.filter((rule) =>
            ids.has(rule.SecurityGroupRuleId),
          )
        : rulesOf(permissionsIn(input), egress);
    revoke(store, { region, groupId, rules });
    return { Return: true };
  }
  return {
    AuthorizeSecurityGroupIngress: async (
      input: AuthorizeSecurityGroupIngressRequest,
      { region },
    ) => add(input, false, region),
    AuthorizeSecurityGroupEgress: async (input: AuthorizeSecurityGroupEgressRequest, { region }) =>
      add(input, true, region),
    RevokeSecurityGroupIngress: async (input: RevokeSecurityGroupIngressRequest, { region }) =>
      take(input, false, region),
    RevokeSecurityGroupEgress: async (input: RevokeSecurityGroupEgressRequest, { region }) =>
      take(input, true, region),
    UpdateSecurityGroupRuleDescriptionsIngress: async (
      input: UpdateSecurityGroupRuleDescriptionsIngressRequest,
      { region },
    ) => redescribe(store, input, false, region),
    UpdateSecurityGroupRuleDescriptionsEgress: async (
      input: UpdateSecurityGroupRuleDescriptionsIngressRequest,
      { region },
    ) => redescribe(store, input, true, region),
    async DescribeSecurityGroupRules(input: DescribeSecurityGroupRulesRequest, { region }) {
      const all = store.securityGroups.list(region).flatMap((group) => group.Rules);
      const ids = new Set(input.SecurityGroupRuleIds);
      const known = new Set(all.map((rule) => rule.SecurityGroupRuleId));
      for (const id of ids) if (!known.has(id)) throw missing.securityGroupRule(id);
      const { items, ...rest } = select(
        all.filter((rule) => ids.size === 0 || ids.has(rule.SecurityGroupRuleId)),
        input,
        {
          idOf: (rule) => rule.SecurityGroupRuleId,
          tagsOf: (rule) => rule.Tags,
          readers: {
            "group-id": (rule) => rule.GroupId,
            "security-group-rule-id": (rule) => rule.SecurityGroupRuleId,
          },
        },
      );
      return { SecurityGroupRules: items, ...rest };
    },
  };
}

function describe(
  target: TargetContext,
  input: DescribeSecurityGroupsRequest,
  { region }: CallContext,
) {
  const store = openEc2Store(target);
  const names = input.GroupNames ?? [];
  const found = byIds(store.securityGroups, region, input.GroupIds, missing.securityGroup);
  const { items, ...rest } = select(
    found.filter((group) => names.length === 0 || names.includes(group.GroupName)),
    input,
    {
      idOf: (group) => group.GroupId,
      tagsOf: (group) => group.Tags,
      readers: {
        "group-id": (group) => group.GroupId,
        "group-name": (group) => group.GroupName,
        "vpc-id": (group) => group.VpcId,
        "owner-id": (group) => group.OwnerId,
        description: (group) => group.Description,
      },
    },
  );
  const SecurityGroups = items.map(({ Rules, ...group }) => ({
    ...group,
    SecurityGroupArn: `arn:aws:ec2:${region}:${target.accountId}:security-group/${group.GroupId}`,
    IpPermissions: permissionsOf(
      Rules.filter((rule) => !rule.IsEgress),
      target.accountId,
    ),
    IpPermissionsEgress: permissionsOf(
      Rules.filter((rule) => rule.IsEgress),
      target.accountId,
    ),
  }));
  return { SecurityGroups, ...rest };
}

export function securityGroupOperations(target: TargetContext): Record<string, Operation> {
  return {
    ...ruleOperations(target),
    async CreateSecurityGroup(input: CreateSecurityGroupRequest, context) {
      const group = create(target, input, context);
      return { GroupId: group.GroupId, Tags: group.Tags };
    },
    async DeleteSecurityGroup(input: DeleteSecurityGroupRequest, context) {
      remove(target, input, context);
      return { Return: true, GroupId: input.GroupId };
    },
    DescribeSecurityGroups: async (input: DescribeSecurityGroupsRequest, context) =>
      describe(target, input, context),
  };
}
