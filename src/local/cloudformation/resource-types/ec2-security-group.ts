import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callEc2, creation, updateTags } from "./ec2-call.ts";
import { number, objects, requiredText, text } from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

type Direction = "Ingress" | "Egress";

const duplicate = ["InvalidPermission.Duplicate"];
const missing = ["InvalidPermission.NotFound", "InvalidGroup.NotFound"];
const everything: Properties = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" };

/** A rule as CloudFormation writes it, as the one IpPermission that the API takes. */
function permission(rule: Properties, direction: Direction): object {
  const peer = direction === "Ingress" ? "Source" : "Destination";
  const description = text(rule, "Description");
  const described = description === undefined ? {} : { Description: description };
  const [CidrIp, CidrIpv6] = [text(rule, "CidrIp"), text(rule, "CidrIpv6")];
  const GroupId = text(rule, `${peer}SecurityGroupId`);
  const PrefixListId = text(rule, `${peer}PrefixListId`);
  const FromPort = number(rule, "FromPort");
  const ToPort = number(rule, "ToPort");
  return {
    IpProtocol: requiredText(rule, "IpProtocol"),
    ...(FromPort === undefined ? {} : { FromPort }),
    ...(ToPort === undefined ? {} : { ToPort }),
    ...(CidrIp === undefined ? {} : { IpRanges: [{ CidrIp, ...described }] }),
    ...(CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6, ...described }] }),
    ...(GroupId === undefined ? {} : { UserIdGroupPairs: [{ GroupId, ...described }] }),
    ...(PrefixListId === undefined ? {} : { PrefixListIds: [{ PrefixListId, ...described }] }),
  };
}

function authorize(
  GroupId: string,
  rule: Properties,
  direction: Direction,
  context: ResourceContext,
) {
  return callEc2<{ SecurityGroupRules: { SecurityGroupRuleId: string }[] }>(
    context,
    `AuthorizeSecurityGroup${direction}`,
    { GroupId, IpPermissions: [permission(rule, direction)] },
  );
}

function revoke(GroupId: string, rule: Properties, direction: Direction, context: ResourceContext) {
  return unlessMissing(missing, () =>
    callEc2(context, `RevokeSecurityGroup${direction}`, {
      GroupId,
      IpPermissions: [permission(rule, direction)],
    }),
  );
}

interface RuleChange {
  readonly direction: Direction;
  readonly wanted: readonly Properties[];
  readonly had: readonly Properties[];
}

/** Removes the rules that are no longer wanted, then adds the new ones; one that is there already is as wanted. */
async function changeRules(
  GroupId: string,
  { direction, wanted, had }: RuleChange,
  context: ResourceContext,
) {
  const key = (rule: Properties) => JSON.stringify(permission(rule, direction));
  const wantedKeys = new Set(wanted.map(key));
  const hadKeys = new Set(had.map(key));
  for (const rule of had.filter((candidate) => !wantedKeys.has(key(candidate)))) {
    // One after the other: each change of a group replaces its whole list of rules.
    await revoke(GroupId, rule, direction, context);
  }
  for (const rule of wanted.filter((candidate) => !hadKeys.has(key(candidate)))) {
    await unlessMissing(duplicate, () => authorize(GroupId, rule, direction, context));
  }
}

/** Without rules of its own a group lets everything out, as EC2 makes it. */
function egressOf(properties: Properties): readonly Properties[] {
  const rules = objects(properties, "SecurityGroupEgress");
  return rules.length === 0 ? [everything] : rules;
}

function describe(GroupId: string, properties: Properties): ProvisionedResource {
  return {
    physicalId: GroupId,
    attributes: { GroupId, Id: GroupId, VpcId: text(properties, "VpcId") },
  };
}

export const securityGroup: ResourceType = {
  type: "AWS::EC2::SecurityGroup",
  async create(properties, context) {
    const { GroupId } = await callEc2<{ GroupId: string }>(context, "CreateSecurityGroup", {
      GroupName: text(properties, "GroupName") ?? context.generateName(255),
      Description: requiredText(properties, "GroupDescription"),
      VpcId: text(properties, "VpcId"),
      ...creation("security-group", properties, context),
    });
    context.initiated?.(GroupId);
    const ingress = objects(properties, "SecurityGroupIngress");
    await changeRules(GroupId, { direction: "Ingress", wanted: ingress, had: [] }, context);
    await changeRules(
      GroupId,
      { direction: "Egress", wanted: egressOf(properties), had: [everything] },
      context,
    );
    return describe(GroupId, properties);
  },
  async update(physicalId, properties, previous, context) {
    const wanted = objects(properties, "SecurityGroupIngress");
    const had = objects(previous, "SecurityGroupIngress");
    await changeRules(physicalId, { direction: "Ingress", wanted, had }, context);
    const egress = {
      direction: "Egress" as const,
      wanted: egressOf(properties),
      had: egressOf(previous),
    };
    await changeRules(physicalId, egress, context);
    await updateTags(physicalId, properties, previous, context);
    return describe(physicalId, properties);
  },
  async delete(physicalId, _properties, context) {
    await unlessMissing(["InvalidGroup.NotFound"], () =>
      callEc2(context, "DeleteSecurityGroup", { GroupId: physicalId }),
    );
  },
};

interface RuleAnswer {
  readonly SecurityGroupRules: readonly {
    readonly SecurityGroupRuleId: string;
    readonly IsEgress: boolean;
    readonly IpProtocol?: string;
    readonly FromPort?: number;
    readonly ToPort?: number;
    readonly CidrIpv4?: string;
    readonly CidrIpv6?: string;
    readonly PrefixListId?: string;
    readonly ReferencedGroupInfo?: { readonly GroupId?: string };
  }[];
}

/** The rule that an interrupted creation left: the one with this peer, protocol and ports. */
async function existingRule(
  GroupId: string,
  rule: Properties,
  direction: Direction,
  context: ResourceContext,
) {
  const { SecurityGroupRules } = await callEc2<RuleAnswer>(context, "DescribeSecurityGroupRules", {
    Filters: [{ Name: "group-id", Values: [GroupId] }],
  });
  const prefix = direction === "Ingress" ? "Source" : "Destination";
  const names = ["CidrIp", "CidrIpv6", `${prefix}SecurityGroupId`, `${prefix}PrefixListId`];
  const peer = names.map((name) => text(rule, name)).find((value) => value !== undefined);
  const found = SecurityGroupRules.find(
    (candidate) =>
      candidate.IsEgress === (direction === "Egress") &&
      [
        candidate.CidrIpv4,
        candidate.CidrIpv6,
        candidate.PrefixListId,
        candidate.ReferencedGroupInfo?.GroupId,
      ].includes(peer) &&
      (candidate.FromPort ?? -1) === (number(rule, "FromPort") ?? -1) &&
      (candidate.ToPort ?? -1) === (number(rule, "ToPort") ?? -1),
  );
  return found?.SecurityGroupRuleId;
}

function ruleType(direction: Direction): ResourceType {
  return {
    type: `AWS::EC2::SecurityGroup${direction}`,
    async create(properties, context) {
      const GroupId = requiredText(properties, "GroupId");
      let id: string | undefined;
      await createNamed(context, `${GroupId}:${context.generateName(255)}`, duplicate, async () => {
        id = (await authorize(GroupId, properties, direction, context)).SecurityGroupRules[0]
          ?.SecurityGroupRuleId;
      });
      const physicalId = id ?? (await existingRule(GroupId, properties, direction, context)) ?? "";
      return { physicalId, attributes: { Id: physicalId } };
    },
    async update(physicalId, properties, previous, context) {
      // Only the description can change in place.
      const GroupId = requiredText(properties, "GroupId");
      if (text(properties, "Description") !== text(previous, "Description")) {
        await callEc2(context, `UpdateSecurityGroupRuleDescriptions${direction}`, {
          GroupId,
          IpPermissions: [permission(properties, direction)],
        });
      }
      return { physicalId, attributes: { Id: physicalId } };
    },
    async delete(_physicalId, properties, context) {
      const GroupId = requiredText(properties, "GroupId");
      await deleteNamed(context, `${GroupId}:${context.generateName(255)}`, missing, () =>
        callEc2(context, `RevokeSecurityGroup${direction}`, {
          GroupId,
          IpPermissions: [permission(properties, direction)],
        }),
      );
    },
  };
}

export const securityGroupIngress = ruleType("Ingress");
export const securityGroupEgress = ruleType("Egress");
