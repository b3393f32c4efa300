const ref = (name: string) => ({ Ref: name });
const att = (name: string, attribute: string) => ({ "Fn::GetAtt": [name, attribute] });
const zone = (index: number) => ({ "Fn::Select": [index, { "Fn::GetAZs": "" }] });

/** A stack as users have it: network with NAT and endpoints, roles, provider, function, and what hangs on the function. */
export function referenceTemplate(
  source: string,
  changes: Readonly<Record<"Provider" | "Function", object>> = { Provider: {}, Function: {} },
): string {
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  };
  return JSON.stringify({
    Resources: {
      Vpc: {
        Type: "AWS::EC2::VPC",
        Properties: { CidrBlock: "10.0.0.0/16", EnableDnsHostnames: true },
      },
      Gateway: { Type: "AWS::EC2::InternetGateway" },
      Attachment: {
        Type: "AWS::EC2::VPCGatewayAttachment",
        Properties: { VpcId: ref("Vpc"), InternetGatewayId: ref("Gateway") },
      },
      Public: {
        Type: "AWS::EC2::Subnet",
        Properties: {
          VpcId: ref("Vpc"),
          CidrBlock: "10.0.0.0/24",
          AvailabilityZone: zone(0),
          MapPublicIpOnLaunch: true,
          Tags: [{ Key: "Name", Value: "public" }],
        },
      },
      PublicTable: { Type: "AWS::EC2::RouteTable", Properties: { VpcId: ref("Vpc") } },
      PublicAssociation: {
        Type: "AWS::EC2::SubnetRouteTableAssociation",
        Properties: { SubnetId: ref("Public"), RouteTableId: ref("PublicTable") },
      },
      PublicRoute: {
        Type: "AWS::EC2::Route",
        Properties: {
          RouteTableId: ref("PublicTable"),
          DestinationCidrBlock: "0.0.0.0/0",
          GatewayId: ref("Gateway"),
        },
        DependsOn: ["Attachment"],
      },
      Address: { Type: "AWS::EC2::EIP", Properties: { Domain: "vpc" } },
      Nat: {
        Type: "AWS::EC2::NatGateway",
        Properties: { SubnetId: ref("Public"), AllocationId: att("Address", "AllocationId") },
        DependsOn: ["PublicRoute"],
      },
      PrivateA: {
        Type: "AWS::EC2::Subnet",
        Properties: { VpcId: ref("Vpc"), CidrBlock: "10.0.1.0/24", AvailabilityZone: zone(0) },
      },
      PrivateB: {
        Type: "AWS::EC2::Subnet",
        Properties: { VpcId: ref("Vpc"), CidrBlock: "10.0.2.0/24", AvailabilityZone: zone(1) },
      },
      PrivateTable: { Type: "AWS::EC2::RouteTable", Properties: { VpcId: ref("Vpc") } },
      PrivateAssociation: {
        Type: "AWS::EC2::SubnetRouteTableAssociation",
        Properties: { SubnetId: ref("PrivateA"), RouteTableId: ref("PrivateTable") },
      },
      PrivateRoute: {
        Type: "AWS::EC2::Route",
        Properties: {
          RouteTableId: ref("PrivateTable"),
          DestinationCidrBlock: "0.0.0.0/0",
          NatGatewayId: ref("Nat"),
        },
      },
      Group: {
        Type: "AWS::EC2::SecurityGroup",
        Properties: {
          GroupDescription: "egress only",
          VpcId: ref("Vpc"),
          SecurityGroupEgress: [
            { CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 443, ToPort: 443 },
          ],
        },
      },
      EndpointGroup: {
        Type: "AWS::EC2::SecurityGroup",
        Properties: { GroupDescription: "endpoints", VpcId: ref("Vpc") },
      },
      EndpointIngress: {
        Type: "AWS::EC2::SecurityGroupIngress",
        Properties: {
          GroupId: att("EndpointGroup", "GroupId"),
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          SourceSecurityGroupId: att("Group", "GroupId"),
        },
      },
      LogsEndpoint: {
        Type: "AWS::EC2::VPCEndpoint",
        Properties: {
          VpcId: ref("Vpc"),
          ServiceName: { "Fn::Sub": "com.amazonaws.${AWS::Region}.logs" },
          VpcEndpointType: "Interface",
          SubnetIds: [ref("PrivateA"), ref("PrivateB")],
          SecurityGroupIds: [ref("EndpointGroup")],
        },
      },
      S3Endpoint: {
        Type: "AWS::EC2::VPCEndpoint",
        Properties: {
          VpcId: ref("Vpc"),
          ServiceName: { "Fn::Sub": "com.amazonaws.${AWS::Region}.s3" },
          VpcEndpointType: "Gateway",
          RouteTableIds: [ref("PrivateTable")],
        },
      },
      OperatorRole: {
        Type: "AWS::IAM::Role",
        Properties: {
          AssumeRolePolicyDocument: trust,
          ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSLambdaManagedEC2ResourceOperator"],
        },
      },
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          AssumeRolePolicyDocument: trust,
          Policies: [
            {
              PolicyName: "logs",
              PolicyDocument: {
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" }],
              },
            },
          ],
        },
      },
      Logs: {
        Type: "AWS::Logs::LogGroup",
        Properties: { LogGroupName: "/aws/lambda/reference", RetentionInDays: 7 },
      },
      Provider: {
        Type: "AWS::Lambda::CapacityProvider",
        Properties: {
          VpcConfig: {
            SubnetIds: [ref("PrivateA"), ref("PrivateB")],
            SecurityGroupIds: [ref("Group")],
          },
          PermissionsConfig: { CapacityProviderOperatorRoleArn: att("OperatorRole", "Arn") },
          CapacityProviderScalingConfig: { MaxVCpuCount: 30 },
          ...changes.Provider,
        },
      },
      Function: {
        Type: "AWS::Lambda::Function",
        Properties: {
          FunctionName: "reference",
          Role: att("Role", "Arn"),
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          MemorySize: 2048,
          Timeout: 10,
          Architectures: ["x86_64"],
          Code: { ZipFile: source },
          LoggingConfig: { LogFormat: "JSON", LogGroup: ref("Logs") },
          CapacityProviderConfig: {
            LambdaManagedInstancesCapacityProviderConfig: {
              CapacityProviderArn: att("Provider", "Arn"),
              ExecutionEnvironmentMemoryGiBPerVCpu: 2,
            },
          },
          FunctionScalingConfig: { MinExecutionEnvironments: 2, MaxExecutionEnvironments: 4 },
          ...changes.Function,
        },
      },
    },
    Outputs: {
      VpcId: { Value: ref("Vpc") },
      SubnetIds: { Value: { "Fn::Join": [",", [ref("PrivateA"), ref("PrivateB")]] } },
      FunctionName: { Value: ref("Function") },
      FunctionArn: { Value: att("Function", "Arn") },
      CapacityProviderArn: { Value: att("Provider", "Arn") },
      LogGroupArn: { Value: att("Logs", "Arn") },
    },
  });
}
