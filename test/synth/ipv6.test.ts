import { describe, expect, it } from "vitest";
import { settingsOfTemplate } from "../../src/synth/cost/template-settings.ts";
import { checkSettings } from "../../src/synth/rules.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";
import { ofType, properties, templateOf } from "./template.ts";

type NetworkInput = NonNullable<SettingsInput["network"]>;
const ipv6 = (network: NetworkInput): SettingsInput => ({ network: { ...network, ipv6: true } });
const codes = (input: SettingsInput) =>
  checkSettings(settingsOf(input)).map(({ code, severity }) => `${severity} ${code}`);

const read = async (input: SettingsInput) =>
  settingsOfTemplate(await templateOf(input), "us-east-1")?.network.ipv6;

describe("IPv6", () => {
  it("is left out where nobody asks for it", async () => {
    const text = JSON.stringify(await templateOf());
    expect(text).not.toMatch(/ipv6|::\/0/i);
  });

  it("gives each subnet a part of Amazon's range, and waits for the range", async () => {
    const template = await templateOf(ipv6({ azs: 2 }));
    expect(properties(template, "Ipv6Block")).toEqual({
      VpcId: { Ref: "Vpc" },
      AmazonProvidedIpv6CidrBlock: true,
    });
    expect(template.Resources["Subnet2"]?.DependsOn).toContain("Ipv6Block");
    expect(properties(template, "Subnet2")).toMatchObject({
      AssignIpv6AddressOnCreation: true,
      Ipv6CidrBlock: {
        "Fn::Select": [
          1,
          {
            "Fn::Cidr": [
              { "Fn::Select": [0, { "Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"] }] },
              3,
              "64",
            ],
          },
        ],
      },
    });
    expect(properties(template, "SecurityGroup")["SecurityGroupEgress"]).toEqual([
      { CidrIp: "0.0.0.0/0", IpProtocol: "-1", Description: "Everything out" },
      { CidrIpv6: "::/0", IpProtocol: "-1", Description: "Everything out" },
    ]);
  });

  it("leaves private subnets by an egress-only gateway, from each route table", async () => {
    const template = await templateOf(ipv6({ azs: 3, natGateways: "each" }));
    expect(ofType(template, "AWS::EC2::EgressOnlyInternetGateway")).toHaveLength(1);
    for (const [route, table] of [
      ["Ipv6DefaultRoute", "RouteTable"],
      ["Ipv6DefaultRoute3", "RouteTable3"],
    ] as const)
      expect(properties(template, route)).toEqual({
        RouteTableId: { Ref: table },
        DestinationIpv6CidrBlock: "::/0",
        EgressOnlyInternetGatewayId: { "Fn::GetAtt": ["EgressOnlyInternetGateway", "Id"] },
      });
    // The instances go before the ways out.
    expect(template.Resources["CapacityProvider"]?.DependsOn).toContain("Ipv6DefaultRoute3");
  });

  it("leaves public subnets by the internet gateway", async () => {
    const template = await templateOf(ipv6({ egress: "public" }));
    expect(ofType(template, "AWS::EC2::EgressOnlyInternetGateway")).toEqual([]);
    expect(properties(template, "Ipv6DefaultRoute")).toEqual({
      RouteTableId: { Ref: "RouteTable" },
      DestinationIpv6CidrBlock: "::/0",
      GatewayId: { Ref: "InternetGateway" },
    });
  });

  it("is refused without a way out, and warned of where it opens more than endpoints", () => {
    expect(codes(ipv6({}))).toEqual([]);
    expect(codes(ipv6({ egress: "public" }))).toEqual([]);
    expect(codes(ipv6({ egress: "none" }))).toEqual([
      "warning egress-none",
      "error ipv6-no-egress",
    ]);
    expect(codes(ipv6({ egress: "endpoints" }))).toEqual(["warning ipv6-opens"]);
  });

  it("is read back from a template", async () => {
    expect([await read(ipv6({})), await read({})]).toEqual([true, false]);
  });
});
