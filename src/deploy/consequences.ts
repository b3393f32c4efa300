/** What a replacement or deletion means for those who use the thing, and how it is done without them noticing. */
export interface Consequence {
  readonly means: string;
  readonly without: string | undefined;
}

interface Described {
  readonly type: string;
  readonly kind: string;
}

/** By type; what follows of itself (subnets, routes) is told of the VPC. */
const replaced: Readonly<Record<string, Consequence>> = {
  "AWS::Lambda::CapacityProvider": {
    means:
      "Lambda launches instances of the new provider beside the old ones, publishes its functions on them, and ends the old ones: for that time both cost money. The published versions answer until the new ones are active, as far as is known.",
    without:
      "To see the new one answer first, add it to capacityProviders and a function with another name on it, deploy, move callers, then remove the old function.",
  },
  "AWS::Lambda::Function": {
    means:
      "Its versions and its URL are made anew, and whoever calls it by its old name gets ResourceNotFoundException.",
    without:
      "Keep the old function in lmi.json beside the new one, deploy, move callers, then remove the old one.",
  },
  "AWS::EC2::VPC": {
    means: "Everything in it is made anew, and what else runs in the old one stays behind.",
    without:
      "Deploy a second stack beside it (lmi deploy --env <name>), move callers, then destroy the old one.",
  },
  "AWS::EC2::EIP": {
    means:
      "Calls to the outside come from another address: whoever lets only the old one in refuses them.",
    without: undefined,
  },
  "AWS::Lambda::Url": {
    means: "Its address changes; the old one answers no more.",
    without: undefined,
  },
  "AWS::ApiGatewayV2::Api": {
    means: "Its address changes; the old one answers no more.",
    without: undefined,
  },
  "AWS::IAM::Role": {
    means:
      "Policies elsewhere (of keys, buckets, queues) that name the old role must name the new one.",
    without: undefined,
  },
  "AWS::Logs::LogGroup": {
    means: "The new one begins empty; the events of the old one go with it unless it is kept.",
    without: undefined,
  },
  "AWS::SQS::Queue": {
    means: "Messages in the old one are lost, and its address changes.",
    without: undefined,
  },
  "AWS::Lambda::EventSourceMapping": {
    means:
      "A stream is read from its starting position again: records are met twice or not at all.",
    without: undefined,
  },
};

const removed: Readonly<Record<string, Consequence>> = {
  "AWS::Lambda::Function": {
    means:
      "Whoever calls it gets ResourceNotFoundException, and its URL and event sources go with it.",
    without:
      "If another one takes its place: keep it in lmi.json beside that one, deploy, move callers, then remove it.",
  },
  "AWS::SQS::Queue": { means: "Messages in it are lost.", without: undefined },
};

/** undefined: nothing that anybody outside would notice. */
export function consequenceOf({ type, kind }: Described): Consequence | undefined {
  if (kind === "remove") return removed[type];
  return kind === "replace" || kind === "mayReplace" ? replaced[type] : undefined;
}
