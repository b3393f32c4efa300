import { allow, att, maybe, ref, tags } from "./kind.ts";
import type { Kind } from "./kind.ts";

const block = (index: number) => ({
  "Fn::Select": [index, { "Fn::Cidr": [att("Vpc", "CidrBlock"), 6, 8] }],
});
const zone = (index: number) => ({ "Fn::Select": [index, { "Fn::GetAZs": "" }] });

const subnet = (...blocks: readonly [number, number]): Kind => ({
  type: "AWS::EC2::Subnet",
  needs: ["Vpc"],
  properties: (pick) => ({
    VpcId: ref("Vpc"),
    CidrBlock: block(pick(...blocks)),
    AvailabilityZone: zone(blocks[0] === 0 ? 0 : 1),
    ...maybe(pick, "MapPublicIpOnLaunch", true, false),
    ...maybe(pick, "PrivateDnsNameOptionsOnLaunch", {
      HostnameType: pick("ip-name", "resource-name"),
      EnableResourceNameDnsARecord: pick(true, false),
    }),
    Tags: tags(pick),
  }),
  look: (id) => ["ec2", "DescribeSubnets", { SubnetIds: [id] }],
});

export const network: Readonly<Record<string, Kind>> = {
  Vpc: {
    type: "AWS::EC2::VPC",
    needs: [],
    properties: (pick) => ({
      CidrBlock: pick("10.0.0.0/16", "10.0.0.0/16", "10.1.0.0/16"),
      ...maybe(pick, "EnableDnsHostnames", true, false),
      ...maybe(pick, "EnableDnsSupport", true, false),
      Tags: tags(pick),
    }),
    attribute: "VpcId",
    look: (id) => ["ec2", "DescribeVpcs", { VpcIds: [id] }],
  },
  SubnetA: subnet(0, 1),
  SubnetB: subnet(2, 3),
  Table: {
    type: "AWS::EC2::RouteTable",
    needs: ["Vpc"],
    properties: (pick) => ({ VpcId: ref("Vpc"), Tags: tags(pick) }),
    look: (id) => ["ec2", "DescribeRouteTables", { RouteTableIds: [id] }],
  },
  Association: {
    type: "AWS::EC2::SubnetRouteTableAssociation",
    needs: ["SubnetA", "Table"],
    properties: () => ({ SubnetId: ref("SubnetA"), RouteTableId: ref("Table") }),
    look: () => ["ec2", "DescribeRouteTables", {}],
  },
  Gateway: {
    type: "AWS::EC2::InternetGateway",
    needs: [],
    properties: (pick) => ({ Tags: tags(pick) }),
    look: (id) => ["ec2", "DescribeInternetGateways", { InternetGatewayIds: [id] }],
  },
  Attachment: {
    type: "AWS::EC2::VPCGatewayAttachment",
    needs: ["Vpc", "Gateway"],
    properties: () => ({ VpcId: ref("Vpc"), InternetGatewayId: ref("Gateway") }),
    look: () => ["ec2", "DescribeInternetGateways", {}],
  },
  Route: {
    type: "AWS::EC2::Route",
    needs: ["Table", "Gateway", "Attachment"],
    dependsOn: ["Attachment"],
    properties: (pick) => ({
      RouteTableId: ref("Table"),
      DestinationCidrBlock: pick("0.0.0.0/0", "192.168.0.0/16"),
      GatewayId: ref("Gateway"),
    }),
    look: () => ["ec2", "DescribeRouteTables", {}],
  },
  Address: {
    type: "AWS::EC2::EIP",
    needs: ["Attachment"],
    dependsOn: ["Attachment"],
    properties: (pick) => ({ Domain: "vpc", Tags: tags(pick) }),
    attribute: "AllocationId",
    look: (id) => ["ec2", "DescribeAddresses", { PublicIps: [id] }],
  },
  Nat: {
    type: "AWS::EC2::NatGateway",
    needs: ["SubnetB", "Address"],
    properties: (pick) => ({
      SubnetId: ref("SubnetB"),
      AllocationId: att("Address", "AllocationId"),
      Tags: tags(pick),
    }),
    look: (id) => ["ec2", "DescribeNatGateways", { NatGatewayIds: [id] }],
  },
  NatRoute: {
    type: "AWS::EC2::Route",
    needs: ["Table", "Nat"],
    properties: () => ({
      RouteTableId: ref("Table"),
      DestinationCidrBlock: "172.16.0.0/12",
      NatGatewayId: ref("Nat"),
    }),
    look: () => ["ec2", "DescribeRouteTables", {}],
  },
  Group: {
    type: "AWS::EC2::SecurityGroup",
    needs: ["Vpc"],
    properties: (pick) => ({
      VpcId: ref("Vpc"),
      GroupDescription: pick("one", "one", "two"),
      ...maybe(pick, "SecurityGroupIngress", [
        {
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: pick(443, 444),
          CidrIp: "10.0.0.0/8",
          ...maybe(pick, "Description", "one", "two"),
        },
      ]),
      ...maybe(pick, "SecurityGroupEgress", [
        { IpProtocol: "tcp", FromPort: 443, ToPort: pick(443, 444), CidrIp: "0.0.0.0/0" },
      ]),
      Tags: tags(pick),
    }),
    attribute: "GroupId",
    look: (id) => ["ec2", "DescribeSecurityGroups", { GroupIds: [id] }],
  },
  Ingress: {
    type: "AWS::EC2::SecurityGroupIngress",
    needs: ["Group"],
    properties: (pick) => ({
      GroupId: att("Group", "GroupId"),
      IpProtocol: "tcp",
      FromPort: pick(80, 81),
      ToPort: 90,
      CidrIp: "10.0.0.0/16",
      ...maybe(pick, "Description", "one", "two"),
    }),
    look: () => ["ec2", "DescribeSecurityGroupRules", {}],
  },
  Egress: {
    type: "AWS::EC2::SecurityGroupEgress",
    needs: ["Group"],
    properties: (pick) => ({
      GroupId: att("Group", "GroupId"),
      IpProtocol: "udp",
      FromPort: 53,
      ToPort: pick(53, 54),
      CidrIp: "10.0.0.0/16",
      ...maybe(pick, "Description", "one", "two"),
    }),
    look: () => ["ec2", "DescribeSecurityGroupRules", {}],
  },
  Endpoint: {
    type: "AWS::EC2::VPCEndpoint",
    needs: ["Vpc", "Table"],
    properties: (pick) => ({
      VpcId: ref("Vpc"),
      ServiceName: {
        "Fn::Sub": `com.amazonaws.\${AWS::Region}.${pick("s3", "s3", "dynamodb")}`,
      },
      ...maybe(pick, "RouteTableIds", [ref("Table")]),
      ...maybe(pick, "PolicyDocument", allow("s3:*"), allow("dynamodb:*")),
    }),
    look: (id) => ["ec2", "DescribeVpcEndpoints", { VpcEndpointIds: [id] }],
  },
  Interface: {
    type: "AWS::EC2::VPCEndpoint",
    needs: ["Vpc", "SubnetA", "Group"],
    properties: (pick) => ({
      VpcId: ref("Vpc"),
      VpcEndpointType: "Interface",
      ServiceName: { "Fn::Sub": "com.amazonaws.${AWS::Region}.logs" },
      SubnetIds: [ref("SubnetA")],
      ...maybe(pick, "SecurityGroupIds", [att("Group", "GroupId")]),
      ...maybe(pick, "PolicyDocument", allow("logs:*"), allow("logs:PutLogEvents")),
      ...maybe(pick, "PrivateDnsEnabled", true, false),
    }),
    look: (id) => ["ec2", "DescribeVpcEndpoints", { VpcEndpointIds: [id] }],
  },
};
