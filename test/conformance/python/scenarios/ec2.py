PAGE = 5  # EC2's smallest page


def vpc(aws, cidr="10.0.0.0/16"):
    return aws.ec2.CreateVpc(CidrBlock=cidr)["Vpc"]["VpcId"]


def subnet(aws, vpc_id, cidr="10.0.0.0/24", zone="us-east-1a"):
    return aws.ec2.CreateSubnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"][
        "SubnetId"
    ]


def by(name, *values):
    return [{"Name": name, "Values": list(values)}]


def scenario_vpcs(aws):
    ec2 = aws.ec2
    vpcs = [vpc(aws, f"10.{n}.0.0/16") for n in range(7)]
    ec2.CreateTags(Resources=vpcs, Tags=[{"Key": "conformance", "Value": "vpcs"}])
    found = ec2.pages("DescribeVpcs", "Vpcs", PAGE, Filters=by("tag:conformance", "vpcs"))
    assert sorted(v["VpcId"] for v in found) == sorted(vpcs)
    ec2.wait("vpc_available", VpcIds=vpcs[:1])
    ec2.ModifyVpcAttribute(VpcId=vpcs[0], EnableDnsHostnames={"Value": True})
    got = ec2.DescribeVpcAttribute(VpcId=vpcs[0], Attribute="enableDnsHostnames")
    assert got["EnableDnsHostnames"]["Value"] is True
    tags = ec2.pages("DescribeTags", "Tags", PAGE, Filters=by("key", "conformance"))
    assert sorted(tag["ResourceId"] for tag in tags) == sorted(vpcs)
    ec2.DeleteTags(Resources=vpcs[:1], Tags=[{"Key": "conformance"}])
    assert len(ec2.DescribeVpcs(Filters=by("tag-key", "conformance"))["Vpcs"]) == 6
    ec2.DeleteVpc(VpcId=vpcs[0])
    missing = ec2.fails("InvalidVpcID.NotFound")
    missing.DeleteVpc(VpcId=vpcs[0])
    missing.DescribeVpcs(VpcIds=vpcs[:1])
    missing.ModifyVpcAttribute(VpcId=vpcs[0], EnableDnsSupport={"Value": True})
    missing.DescribeVpcAttribute(VpcId=vpcs[0], Attribute="enableDnsSupport")
    ec2.fails("InvalidVpc.Range").CreateVpc(CidrBlock="10.0.0.0/8")
    ec2.fails("InvalidParameterValue").DescribeVpcs(Filters=by("nonsense", "x"))
    ec2.fails("InvalidID").CreateTags(Resources=["nonsense"], Tags=[{"Key": "a", "Value": "b"}])
    ec2.fails("InvalidID").DeleteTags(Resources=["nonsense"])
    ec2.fails("InvalidParameterValue").DescribeTags(Filters=by("nonsense", "x"))


def scenario_blocks(aws):
    ec2 = aws.ec2
    vpc_id = vpc(aws, "10.77.0.0/16")
    second = ec2.AssociateVpcCidrBlock(VpcId=vpc_id, CidrBlock="10.78.0.0/16")["CidrBlockAssociation"]
    ec2.fails("InvalidVpc.Conflict").AssociateVpcCidrBlock(VpcId=vpc_id, CidrBlock="10.78.0.0/17")
    ours = ec2.AssociateVpcCidrBlock(VpcId=vpc_id, AmazonProvidedIpv6CidrBlock=True)
    ours = ours["Ipv6CidrBlockAssociation"]
    block = ours["Ipv6CidrBlock"].replace("/56", "/64")
    ec2.fails("CidrLimitExceeded").AssociateVpcCidrBlock(VpcId=vpc_id, AmazonProvidedIpv6CidrBlock=True)
    subnet = ec2.CreateSubnet(VpcId=vpc_id, CidrBlock="10.78.0.0/24", Ipv6CidrBlock=block)["Subnet"]
    assert subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] == block
    busy = ec2.fails("InvalidCidrBlock.InUse")
    busy.DisassociateVpcCidrBlock(AssociationId=ours["AssociationId"])
    ec2.DeleteSubnet(SubnetId=subnet["SubnetId"])
    for association in (ours, second):
        ec2.DisassociateVpcCidrBlock(AssociationId=association["AssociationId"])
    ec2.fails("InvalidVpcCidrBlockAssociationID.NotFound").DisassociateVpcCidrBlock(
        AssociationId=second["AssociationId"]
    )
    ec2.DeleteVpc(VpcId=vpc_id)


def scenario_subnets(aws):
    ec2 = aws.ec2
    vpc_id = vpc(aws)
    subnets = [subnet(aws, vpc_id, f"10.0.{n}.0/24") for n in range(7)]
    found = ec2.pages("DescribeSubnets", "Subnets", PAGE, Filters=by("vpc-id", vpc_id))
    assert sorted(s["SubnetId"] for s in found) == sorted(subnets)
    ec2.ModifySubnetAttribute(SubnetId=subnets[0], MapPublicIpOnLaunch={"Value": True})
    got = ec2.DescribeSubnets(SubnetIds=subnets[:1])["Subnets"][0]
    assert got["MapPublicIpOnLaunch"] is True
    ec2.fails("DependencyViolation").DeleteVpc(VpcId=vpc_id)
    ec2.DeleteSubnet(SubnetId=subnets[0])
    missing = ec2.fails("InvalidSubnetID.NotFound")
    missing.DeleteSubnet(SubnetId=subnets[0])
    missing.DescribeSubnets(SubnetIds=subnets[:1])
    missing.ModifySubnetAttribute(SubnetId=subnets[0], MapPublicIpOnLaunch={"Value": True})
    ec2.fails("InvalidSubnet.Conflict").CreateSubnet(VpcId=vpc_id, CidrBlock="10.0.1.0/24")
    ec2.fails("InvalidSubnet.Range").CreateSubnet(VpcId=vpc_id, CidrBlock="10.9.0.0/24")


def scenario_internet(aws):
    ec2 = aws.ec2
    vpc_id = vpc(aws)
    gateways = [
        ec2.CreateInternetGateway()["InternetGateway"]["InternetGatewayId"] for _ in range(6)
    ]
    found = ec2.pages("DescribeInternetGateways", "InternetGateways", PAGE)
    assert {g["InternetGatewayId"] for g in found} >= set(gateways)
    one = {"InternetGatewayId": gateways[0]}
    ec2.AttachInternetGateway(**one, VpcId=vpc_id)
    got = ec2.DescribeInternetGateways(Filters=by("attachment.vpc-id", vpc_id))["InternetGateways"]
    assert got[0]["Attachments"][0]["VpcId"] == vpc_id
    ec2.fails("Resource.AlreadyAssociated").AttachInternetGateway(**one, VpcId=vpc_id)
    ec2.fails("DependencyViolation").DeleteInternetGateway(**one)
    ec2.DetachInternetGateway(**one, VpcId=vpc_id)
    ec2.fails("Gateway.NotAttached").DetachInternetGateway(**one, VpcId=vpc_id)
    ec2.DeleteInternetGateway(**one)
    missing = ec2.fails("InvalidInternetGatewayID.NotFound")
    missing.DeleteInternetGateway(**one)
    missing.DescribeInternetGateways(InternetGatewayIds=gateways[:1])
    ec2.fails("InvalidParameterValue").CreateInternetGateway(
        TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]
    )
    six = ec2.CreateEgressOnlyInternetGateway(VpcId=vpc_id)["EgressOnlyInternetGateway"]
    one = {"EgressOnlyInternetGatewayId": six["EgressOnlyInternetGatewayId"]}
    found = ec2.pages("DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways", PAGE)
    assert [g["EgressOnlyInternetGatewayId"] for g in found] == list(one.values())
    ec2.DeleteEgressOnlyInternetGateway(**one)
    ec2.fails("InvalidGatewayID.NotFound").DeleteEgressOnlyInternetGateway(**one)
    ec2.fails("InvalidGatewayID.NotFound").DescribeEgressOnlyInternetGateways(
        EgressOnlyInternetGatewayIds=list(one.values())
    )
    ec2.fails("InvalidVpcID.NotFound").CreateEgressOnlyInternetGateway(VpcId="vpc-0")


def scenario_nat(aws):
    ec2 = aws.ec2
    subnet_id = subnet(aws, vpc(aws))
    addresses = [ec2.AllocateAddress(Domain="vpc")["AllocationId"] for _ in range(3)]
    got = ec2.DescribeAddresses(AllocationIds=addresses)["Addresses"]
    assert sorted(a["AllocationId"] for a in got) == sorted(addresses)
    nat = ec2.CreateNatGateway(SubnetId=subnet_id, AllocationId=addresses[0])["NatGateway"]
    one = {"NatGatewayId": nat["NatGatewayId"]}
    ec2.wait("nat_gateway_available", NatGatewayIds=list(one.values()))
    found = ec2.pages("DescribeNatGateways", "NatGateways", PAGE, Filter=by("subnet-id", subnet_id))
    assert [n["NatGatewayId"] for n in found] == list(one.values())
    ec2.fails("InvalidIPAddress.InUse").ReleaseAddress(AllocationId=addresses[0])
    ec2.DeleteNatGateway(**one)
    ec2.wait("nat_gateway_deleted", NatGatewayIds=list(one.values()))
    ec2.ReleaseAddress(AllocationId=addresses[1])
    missing = ec2.fails("InvalidAllocationID.NotFound")
    missing.ReleaseAddress(AllocationId=addresses[1])
    missing.DescribeAddresses(AllocationIds=addresses[1:2])
    missing.CreateNatGateway(SubnetId=subnet_id, AllocationId=addresses[1])
    ec2.fails("NatGatewayNotFound").DeleteNatGateway(NatGatewayId="nat-00000000000000000")
    ec2.fails("NatGatewayNotFound").DescribeNatGateways(NatGatewayIds=["nat-00000000000000000"])
    ec2.fails("InvalidParameterValue").AllocateAddress(
        TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]
    )


def scenario_routes(aws):
    ec2 = aws.ec2
    vpc_id = vpc(aws)
    subnets = [subnet(aws, vpc_id, f"10.0.{n}.0/24") for n in range(2)]
    tables = [
        ec2.CreateRouteTable(VpcId=vpc_id)["RouteTable"]["RouteTableId"] for _ in range(6)
    ]
    found = ec2.pages("DescribeRouteTables", "RouteTables", PAGE, Filters=by("vpc-id", vpc_id))
    assert {t["RouteTableId"] for t in found} > set(tables)
    gateway = ec2.CreateInternetGateway()["InternetGateway"]["InternetGatewayId"]
    ec2.AttachInternetGateway(InternetGatewayId=gateway, VpcId=vpc_id)
    table = {"RouteTableId": tables[0]}
    route = {**table, "DestinationCidrBlock": "0.0.0.0/0"}
    ec2.CreateRoute(**route, GatewayId=gateway)
    ec2.ReplaceRoute(**route, GatewayId=gateway)
    address = ec2.AllocateAddress(Domain="vpc")["AllocationId"]
    nat = ec2.CreateNatGateway(SubnetId=subnets[0], AllocationId=address)["NatGateway"]
    ec2.fails("RouteAlreadyExists").CreateRoute(**route, NatGatewayId=nat["NatGatewayId"])
    association = ec2.AssociateRouteTable(**table, SubnetId=subnets[0])["AssociationId"]
    ec2.fails("Resource.AlreadyAssociated").AssociateRouteTable(
        RouteTableId=tables[1], SubnetId=subnets[0]
    )
    replaced = ec2.ReplaceRouteTableAssociation(
        AssociationId=association, RouteTableId=tables[1]
    )["NewAssociationId"]
    ec2.fails("DependencyViolation").DeleteRouteTable(RouteTableId=tables[1])
    ec2.DisassociateRouteTable(AssociationId=replaced)
    ec2.DeleteRoute(**route)
    ec2.fails("InvalidRoute.NotFound").DeleteRoute(**route)
    ec2.DeleteRouteTable(**table)
    missing = ec2.fails("InvalidRouteTableID.NotFound")
    missing.DeleteRouteTable(**table)
    missing.DescribeRouteTables(RouteTableIds=tables[:1])
    missing.CreateRoute(**route, GatewayId=gateway)
    missing.ReplaceRoute(**route, GatewayId=gateway)
    missing.AssociateRouteTable(**table, SubnetId=subnets[0])
    gone = ec2.fails("InvalidAssociationID.NotFound")
    gone.DisassociateRouteTable(AssociationId=association)
    gone.ReplaceRouteTableAssociation(AssociationId=association, RouteTableId=tables[1])
    ec2.fails("InvalidVpcID.NotFound").CreateRouteTable(VpcId="vpc-00000000000000000")
    ec2.fails("InvalidParameterValue").ReplaceRoute(
        RouteTableId=tables[1], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )


def scenario_security_groups(aws):
    ec2 = aws.ec2
    vpc_id = vpc(aws)
    groups = [
        ec2.CreateSecurityGroup(GroupName=f"g{n}", Description="d", VpcId=vpc_id)["GroupId"]
        for n in range(6)
    ]
    found = ec2.pages("DescribeSecurityGroups", "SecurityGroups", PAGE, Filters=by("vpc-id", vpc_id))
    assert {g["GroupId"] for g in found} > set(groups)
    one = {"GroupId": groups[0]}
    https = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "inside"}],
    }
    ec2.AuthorizeSecurityGroupIngress(**one, IpPermissions=[https])
    ec2.AuthorizeSecurityGroupEgress(**one, IpPermissions=[https])
    ec2.fails("InvalidPermission.Duplicate").AuthorizeSecurityGroupIngress(
        **one, IpPermissions=[https]
    )
    ec2.fails("InvalidPermission.Duplicate").AuthorizeSecurityGroupEgress(
        **one, IpPermissions=[https]
    )
    renamed = {**https, "IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "other"}]}
    ec2.UpdateSecurityGroupRuleDescriptionsIngress(**one, IpPermissions=[renamed])
    ec2.UpdateSecurityGroupRuleDescriptionsEgress(**one, IpPermissions=[renamed])
    rules = ec2.pages(
        "DescribeSecurityGroupRules", "SecurityGroupRules", PAGE, Filters=by("group-id", groups[0])
    )
    assert sorted(r.get("Description", "") for r in rules) == ["", "other", "other"], rules
    ec2.RevokeSecurityGroupIngress(**one, IpPermissions=[https])
    ec2.RevokeSecurityGroupEgress(**one, IpPermissions=[https])
    gone = ec2.fails("InvalidPermission.NotFound")
    gone.RevokeSecurityGroupIngress(**one, IpPermissions=[https])
    gone.RevokeSecurityGroupEgress(**one, IpPermissions=[https])
    gone.UpdateSecurityGroupRuleDescriptionsIngress(**one, IpPermissions=[https])
    gone.UpdateSecurityGroupRuleDescriptionsEgress(**one, IpPermissions=[https])
    ec2.wait("security_group_exists", GroupIds=groups[:1])
    ec2.DeleteSecurityGroup(**one)
    missing = ec2.fails("InvalidGroup.NotFound")
    missing.DeleteSecurityGroup(**one)
    missing.DescribeSecurityGroups(GroupIds=groups[:1])
    missing.AuthorizeSecurityGroupIngress(**one, IpPermissions=[https])
    ec2.fails("InvalidGroup.Duplicate").CreateSecurityGroup(
        GroupName="g1", Description="d", VpcId=vpc_id
    )
    ec2.fails("InvalidSecurityGroupRuleId.NotFound").DescribeSecurityGroupRules(
        SecurityGroupRuleIds=["sgr-00000000000000000"]
    )


def scenario_endpoints(aws):
    ec2 = aws.ec2
    vpc_id = vpc(aws)
    table = ec2.CreateRouteTable(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    gateway = ec2.CreateVpcEndpoint(
        VpcId=vpc_id, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table]
    )["VpcEndpoint"]["VpcEndpointId"]
    interface = ec2.CreateVpcEndpoint(
        VpcId=vpc_id,
        ServiceName="com.amazonaws.us-east-1.logs",
        VpcEndpointType="Interface",
        SubnetIds=[subnet(aws, vpc_id)],
    )["VpcEndpoint"]["VpcEndpointId"]
    found = ec2.pages("DescribeVpcEndpoints", "VpcEndpoints", PAGE, Filters=by("vpc-id", vpc_id))
    assert sorted(e["VpcEndpointId"] for e in found) == sorted([gateway, interface])
    interfaces = ec2.pages(
        "DescribeNetworkInterfaces", "NetworkInterfaces", PAGE, Filters=by("vpc-id", vpc_id)
    )
    assert len(interfaces) == 1, interfaces
    ec2.ModifyVpcEndpoint(VpcEndpointId=gateway, RemoveRouteTableIds=[table])
    got = ec2.DescribeVpcEndpoints(VpcEndpointIds=[gateway])["VpcEndpoints"][0]
    assert got.get("RouteTableIds", []) == []
    none = "vpce-00000000000000000"
    assert ec2.DeleteVpcEndpoints(VpcEndpointIds=[gateway, none])["Unsuccessful"]
    missing = ec2.fails("InvalidVpcEndpointId.NotFound")
    missing.ModifyVpcEndpoint(VpcEndpointId=none)
    missing.DescribeVpcEndpoints(VpcEndpointIds=[none])
    ec2.fails("MissingParameter").DeleteVpcEndpoints(VpcEndpointIds=[])
    ec2.fails("InvalidVpcID.NotFound").CreateVpcEndpoint(
        VpcId="vpc-00000000000000000", ServiceName="com.amazonaws.us-east-1.s3"
    )
    ec2.fails("InvalidNetworkInterfaceID.NotFound").DescribeNetworkInterfaces(
        NetworkInterfaceIds=["eni-00000000000000000"]
    )


def scenario_places(aws):
    ec2 = aws.ec2
    zones = ec2.DescribeAvailabilityZones()["AvailabilityZones"]
    assert zones[0]["ZoneName"] == "us-east-1a"
    ec2.fails("InvalidParameterValue").DescribeAvailabilityZones(ZoneNames=["us-east-1z"])
    assert len(ec2.DescribeRegions()["Regions"]) > 10
    ec2.fails("InvalidParameterValue").DescribeRegions(RegionNames=["nowhere-1"])
    assert ec2.DescribeVpnGateways()["VpnGateways"] == []
    ec2.fails("InvalidVpnGatewayID.NotFound").DescribeVpnGateways(VpnGatewayIds=["vgw-0"])
    assert ec2.DescribeAccountAttributes()["AccountAttributes"]
    ec2.fails("InvalidParameterValue").DescribeAccountAttributes(AttributeNames=["nonsense"])
    assert ec2.DescribeVpnGateways()["VpnGateways"] == []
    ec2.fails("InvalidVpnGatewayID.NotFound").DescribeVpnGateways(VpnGatewayIds=["vgw-0123456789abcdef0"])
    types = ec2.pages("DescribeInstanceTypes", "InstanceTypes", 20)
    offerings = ec2.pages("DescribeInstanceTypeOfferings", "InstanceTypeOfferings", 20)
    assert len(types) == len(offerings) > 20
    ec2.fails("InvalidInstanceType").DescribeInstanceTypes(InstanceTypes=["none.large"])
    ec2.fails("InvalidParameterValue").DescribeInstanceTypeOfferings(Filters=by("nonsense", "x"))


def scenario_instances(aws):
    """Instances are Lambda's: lambda_functions' scenarios bring them up; nobody but Lambda ends them."""
    ec2 = aws.ec2
    none = {"InstanceIds": ["i-00000000000000000"]}
    missing = ec2.fails("InvalidInstanceID.NotFound")
    missing.DescribeInstances(**none)
    missing.TerminateInstances(**none)
    missing.StopInstances(**none)
    missing.RebootInstances(**none)
