interface Typed {
  readonly type: string;
}

/** What people call the resources, in the order in which they matter: `VPC`, `2 subnets`. */
const words: Readonly<Record<string, readonly [one: string, many: string]>> = {
  "AWS::EC2::VPC": ["VPC", "VPCs"],
  "AWS::EC2::Subnet": ["subnet", "subnets"],
  "AWS::EC2::NatGateway": ["NAT gateway", "NAT gateways"],
  "AWS::EC2::VPCEndpoint": ["VPC endpoint", "VPC endpoints"],
  "AWS::EC2::SecurityGroup": ["security group", "security groups"],
  "AWS::IAM::Role": ["role", "roles"],
  "AWS::IAM::Policy": ["policy", "policies"],
  "AWS::IAM::ManagedPolicy": ["managed policy", "managed policies"],
  "AWS::Logs::LogGroup": ["log group", "log groups"],
  "AWS::Lambda::CapacityProvider": ["capacity provider", "capacity providers"],
  "AWS::Lambda::Function": ["function", "functions"],
  "AWS::Lambda::Version": ["version", "versions"],
  "AWS::Lambda::Alias": ["alias", "aliases"],
  "AWS::Lambda::Permission": ["permission", "permissions"],
  "AWS::Lambda::Url": ["function URL", "function URLs"],
  "AWS::Lambda::EventInvokeConfig": ["asynchronous settings", "asynchronous settings"],
  "AWS::Lambda::EventSourceMapping": ["event source", "event sources"],
  "AWS::Lambda::LayerVersion": ["layer", "layers"],
  "AWS::ApiGatewayV2::Api": ["HTTP API", "HTTP APIs"],
  "AWS::ApiGatewayV2::Route": ["route", "routes"],
  "AWS::ApiGatewayV2::Stage": ["stage", "stages"],
  "AWS::ApiGatewayV2::Integration": ["integration", "integrations"],
  "AWS::Events::Rule": ["rule", "rules"],
  "AWS::Scheduler::Schedule": ["schedule", "schedules"],
  "AWS::SNS::Subscription": ["subscription", "subscriptions"],
  "AWS::SNS::Topic": ["topic", "topics"],
  "AWS::S3::Bucket": ["bucket", "buckets"],
  "AWS::S3::BucketPolicy": ["bucket policy", "bucket policies"],
  "AWS::ECR::Repository": ["image repository", "image repositories"],
  "AWS::SSM::Parameter": ["parameter", "parameters"],
};

/** Routes, tables, attachments, addresses: they come with a network, and one by one tell nobody anything. */
const routing = new Set([
  "AWS::EC2::EIP",
  "AWS::EC2::EgressOnlyInternetGateway",
  "AWS::EC2::InternetGateway",
  "AWS::EC2::Route",
  "AWS::EC2::RouteTable",
  "AWS::EC2::SubnetRouteTableAssociation",
  "AWS::EC2::VPCCidrBlock",
  "AWS::EC2::VPCGatewayAttachment",
]);

/** `VPC, 2 subnets, NAT gateway, capacity provider, 9 parts of routing`. */
export function inWords(resources: readonly Typed[]): string {
  const parts = resources.filter(({ type }) => routing.has(type)).length;
  const routed = parts === 1 ? "1 part of routing" : `${parts} parts of routing`;
  return [headlines(resources), ...(parts === 0 ? [] : [routed])].filter(Boolean).join(", ");
}

/** The same without the parts of routing: `VPC, 2 subnets, NAT gateway`. */
export function headlines(resources: readonly Typed[]): string {
  const counts = countTypes(resources.filter(({ type }) => !routing.has(type)));
  const known = Object.keys(words).filter((type) => counts.has(type));
  const unknown = [...counts.keys()].filter((type) => !(type in words));
  return [...known, ...unknown].map((type) => counted(type, counts.get(type) ?? 0)).join(", ");
}

function countTypes(resources: readonly Typed[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function counted(type: string, count: number): string {
  const [one, many] = words[type] ?? [shortType(type), shortType(type)];
  return count === 1 ? one : `${count} ${many}`;
}

/** What one resource of a type is called: `NAT gateway`; `SQS Queue` where there is no word for it. */
export function typeWord(type: string): string {
  return words[type]?.[0] ?? shortType(type);
}

/** `AWS::SQS::Queue` → `SQS Queue`. */
function shortType(type: string): string {
  return type.split("::").slice(-2).join(" ");
}
