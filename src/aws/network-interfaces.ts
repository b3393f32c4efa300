import type { NetworkInterface as SdkInterface } from "@aws-sdk/client-ec2";
import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import type { NetworkInterface, NetworkInterfaces } from "./ports.ts";

export function createNetworkInterfaces(
  { target }: Connection,
  ec2: () => Promise<Ec2>,
): NetworkInterfaces {
  return {
    inNetwork: ({ subnetIds, groupIds }) =>
      explained(target, async () => {
        const loaded = await ec2();
        const found = [
          ...(await withFilter("subnet-id", subnetIds, loaded)),
          ...(await withFilter("group-id", groupIds, loaded)),
        ];
        const byId = new Map(found.map((each) => [each.networkInterfaceId, each]));
        return [...byId.values()];
      }),
  };
}

async function withFilter(
  Name: string,
  values: readonly string[],
  { sdk, client }: Ec2,
): Promise<readonly NetworkInterface[]> {
  if (values.length === 0) return [];
  // By filter: an id that does not exist then finds nothing, instead of failing the call.
  const pages = sdk.paginateDescribeNetworkInterfaces(
    { client },
    { Filters: [{ Name, Values: [...values] }] },
  );
  const found: NetworkInterface[] = [];
  for await (const page of pages) found.push(...(page.NetworkInterfaces ?? []).map(toInterface));
  return found;
}

/** Who operates managed instances (Lambda developer guide, lambda-managed-instances). */
const operator = "scaler.lambda.amazonaws.com";
/** The tag that Lambda puts on what it makes for a capacity provider. */
const providerTag = "aws:lambda:capacity-provider";

function toInterface(each: SdkInterface): NetworkInterface {
  return {
    networkInterfaceId: each.NetworkInterfaceId ?? "",
    subnetId: each.SubnetId,
    groupIds: (each.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    status: each.Status ?? "",
    description: each.Description || undefined,
    interfaceType: each.InterfaceType,
    instanceId: each.Attachment?.InstanceId,
    byLambda: isByLambda(each),
    capacityProviderArn: each.TagSet?.find(({ Key }) => Key === providerTag)?.Value,
  };
}

function isByLambda({ Operator, InterfaceType, RequesterManaged, RequesterId }: SdkInterface) {
  if (Operator?.Principal === operator || InterfaceType === "lambda") return true;
  return RequesterManaged === true && /lambda/i.test(RequesterId ?? "");
}
