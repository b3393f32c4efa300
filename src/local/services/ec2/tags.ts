import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
} from "@aws-sdk/client-ec2";

import type { Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { notFound } from "./creating.ts";
import { select } from "./describe.ts";
import type { TagDocument } from "./store.ts";
import { openEc2Store } from "./store.ts";

interface Tagged {
  readonly id: string;
  readonly kind: string;
  readonly tags: readonly TagDocument[];
}

interface TagPlace {
  /** Resource type, as DescribeTags names it. */
  readonly kind: string;
  read(region: string, id: string): readonly TagDocument[] | undefined;
  write(region: string, id: string, tags: TagDocument[]): void;
  all(region: string): Tagged[];
}

/** Where the tags of a collection's documents are; `member` is what the document calls its id. */
function placeOf<Document extends object>(
  kind: string,
  collection: {
    get(region: string, id: string): Document | undefined;
    put(region: string, id: string, document: Document): void;
    list(region: string): Document[];
  },
  idOf: (document: Document) => string,
  tagsOf: (document: Document) => readonly TagDocument[] | undefined,
  changed: (document: Document, tags: TagDocument[]) => Document,
): TagPlace {
  return {
    kind,
    read(region, id) {
      const document = collection.get(region, id);
      return document && (tagsOf(document) ?? []);
    },
    write(region, id, tags) {
      const document = collection.get(region, id);
      if (document) collection.put(region, id, changed(document, tags));
    },
    all: (region) =>
      collection
        .list(region)
        .map((document) => ({ id: idOf(document), kind, tags: tagsOf(document) ?? [] })),
  };
}

function ownTags(document: {
  readonly Tags?: TagDocument[] | undefined;
}): readonly TagDocument[] | undefined {
  return document.Tags;
}

function withTags<Document extends object>(document: Document, Tags: TagDocument[]): Document {
  return { ...document, Tags };
}

/** By the prefix of the id. */
function places(target: TargetContext): Readonly<Record<string, TagPlace>> {
  const store = openEc2Store(target);
  return {
    vpc: placeOf("vpc", store.vpcs, (one) => one.VpcId, ownTags, withTags),
    subnet: placeOf("subnet", store.subnets, (one) => one.SubnetId, ownTags, withTags),
    sg: placeOf("security-group", store.securityGroups, (one) => one.GroupId, ownTags, withTags),
    rtb: placeOf("route-table", store.routeTables, (one) => one.RouteTableId, ownTags, withTags),
    igw: placeOf(
      "internet-gateway",
      store.internetGateways,
      (one) => one.InternetGatewayId,
      ownTags,
      withTags,
    ),
    eigw: placeOf(
      "egress-only-internet-gateway",
      store.egressOnlyGateways,
      (one) => one.EgressOnlyInternetGatewayId,
      ownTags,
      withTags,
    ),
    nat: placeOf("natgateway", store.natGateways, (one) => one.NatGatewayId, ownTags, withTags),
    eipalloc: placeOf("elastic-ip", store.addresses, (one) => one.AllocationId, ownTags, withTags),
    eni: placeOf(
      "network-interface",
      store.networkInterfaces,
      (one) => one.NetworkInterfaceId,
      (one) => one.TagSet,
      (document, TagSet) => ({ ...document, TagSet }),
    ),
    i: placeOf("instance", store.instances, (one) => one.InstanceId, ownTags, withTags),
    vpce: placeOf(
      "vpc-endpoint",
      store.vpcEndpoints,
      (one) => one.VpcEndpointId,
      ownTags,
      withTags,
    ),
  };
}

/** `aws:` is AWS's own; CloudFormation, which is AWS too, marks what it makes through the same operation. */
function checkKeys(tags: readonly { Key?: string | undefined }[]): void {
  const reserved = tags.some(
    ({ Key = "" }) => Key.startsWith("aws:") && !Key.startsWith("aws:cloudformation:"),
  );
  if (reserved) {
    throw new ServiceError(
      "InvalidParameterValue",
      "Tag keys starting with 'aws:' are reserved for internal use",
    );
  }
}

function describeTags(
  byPrefix: Readonly<Record<string, TagPlace>>,
  input: DescribeTagsRequest,
  region: string,
) {
  const all = Object.values(byPrefix)
    .flatMap((place) => place.all(region))
    .flatMap(({ id, kind, tags }) =>
      tags.map(({ Key = "", Value = "" }) => ({
        ResourceId: id,
        ResourceType: kind,
        Key,
        Value,
      })),
    );
  const { items, ...rest } = select(all, input, {
    idOf: (tag) => `${tag.ResourceId} ${tag.Key}`,
    tagsOf: (tag) => [tag],
    readers: {
      key: (tag) => tag.Key,
      value: (tag) => tag.Value,
      "resource-id": (tag) => tag.ResourceId,
      "resource-type": (tag) => tag.ResourceType,
    },
  });
  return { Tags: items, ...rest };
}

export function tagOperations(target: TargetContext): Record<string, Operation> {
  const byPrefix = places(target);

  function edit(
    ids: readonly string[] | undefined,
    region: string,
    change: (tags: readonly TagDocument[]) => TagDocument[],
  ) {
    target.state.transaction(() => {
      for (const id of ids ?? []) {
        const place = byPrefix[id.slice(0, id.lastIndexOf("-"))];
        const tags = place?.read(region, id);
        if (!place || !tags) throw notFound("InvalidID", `The ID '${id}' is not valid`);
        place.write(region, id, change(tags));
      }
    });
  }

  return {
    async CreateTags(input: CreateTagsRequest, { region }) {
      const added = (input.Tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value }));
      checkKeys(added);
      edit(input.Resources, region, (tags) => [
        ...tags.filter((tag) => !added.some((one) => one.Key === tag.Key)),
        ...added,
      ]);
      return {};
    },
    async DeleteTags(input: DeleteTagsRequest, { region }) {
      const removed = input.Tags;
      checkKeys(removed ?? []);
      const goes = (tag: TagDocument) =>
        removed === undefined
          ? !tag.Key?.startsWith("aws:")
          : removed.some(
              ({ Key, Value }) => Key === tag.Key && (Value === undefined || Value === tag.Value),
            );
      edit(input.Resources, region, (tags) => tags.filter((tag) => !goes(tag)));
      return {};
    },
    DescribeTags: async (input: DescribeTagsRequest, { region }) =>
      describeTags(byPrefix, input, region),
  };
}
