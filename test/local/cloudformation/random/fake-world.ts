import type { ResourceData } from "../../../../src/local/cloudformation/resource-data.ts";
import type {
  Properties,
  ResourceContext,
  ResourceType,
} from "../../../../src/local/cloudformation/resource-type.ts";
import { ServiceError } from "../../../../src/local/service-error.ts";
import { arnOf, deepOf } from "./expressions.ts";
import { Faults } from "./faults.ts";
import type { Life } from "./faults.ts";
import { namedType, plainType } from "./templates.ts";

export interface Thing {
  readonly owner: string;
  readonly properties: Properties;
  readonly tags: unknown;
}

/** Things outside of CloudFormation, with the rules of real services: what is in use cannot go. */
export class FakeWorld {
  readonly things = new Map<string, Thing>();
  /** `create A`, … in the order in which the calls began. */
  readonly calls: string[] = [];
  readonly faults = new Faults();

  /** The types as one run of the target has them. */
  types(life: Life): ReadonlyMap<string, ResourceType> {
    return new Map([namedType, plainType].map((type) => [type, this.#type(type, life)]));
  }

  #type(type: string, life: Life): ResourceType {
    return {
      type,
      create: (properties, context) =>
        this.#call(life, `create ${context.logicalId}`, (late) => {
          const given = properties["Name"];
          const id = typeof given === "string" ? given : context.generateName(64);
          const owner = ownerOf(context);
          const there = this.things.get(id);
          if (there && there.owner !== owner)
            throw new ServiceError("AlreadyExists", `${id} already exists`);
          this.#checkUses(properties);
          this.things.set(id, { owner, properties, tags: tagsOf(context) });
          if (late) context.initiated?.(id);
          return answer(id);
        }),
      update: (id, properties, _previous, context) =>
        this.#call(life, `update ${context.logicalId}`, () => {
          const there = this.things.get(id);
          if (!there) throw new ServiceError("NotFound", `${id} does not exist`);
          this.#checkUses(properties);
          this.things.set(id, { ...there, properties, tags: tagsOf(context) });
          return answer(id);
        }),
      delete: (id, _properties, context) =>
        this.#call(life, `delete ${context.logicalId}`, () => {
          const users = [...this.things].filter(
            ([user, { properties }]) => usesOf(properties).includes(id) && !life.isLetGo(user),
          );
          if (users.length > 0)
            throw new ServiceError(
              "ResourceInUse",
              `${id} is used by ${users.map(([by]) => by).join(", ")}`,
            );
          this.things.delete(id);
        }),
    };
  }

  #call<Result>(life: Life, name: string, work: (late: boolean) => Result): Promise<Result> {
    if (!life.isDead()) this.calls.push(name);
    return this.faults.run(life, work);
  }

  #checkUses(properties: Properties): void {
    for (const used of usesOf(properties)) {
      if (used !== "absent" && !this.things.has(used))
        throw new ServiceError("NotFound", `${used} does not exist`);
    }
  }
}

/** One attempt to make one incarnation: the same again after a restart. */
const ownerOf = (context: ResourceContext) =>
  `${context.stackId} ${context.logicalId} ${context.generateName(64)}`;

const tagsOf = (context: ResourceContext) =>
  context.stackTags.filter(({ Key }) => !Key.startsWith("aws:"));

function usesOf(properties: Properties): string[] {
  return (properties["Uses"] as string[] | undefined) ?? [];
}

function answer(physicalId: string) {
  return {
    physicalId,
    attributes: { Arn: arnOf(physicalId), "Nested.Deep": deepOf(physicalId) },
  };
}

const scalar = { kind: "scalar" } as const;
const inPlace = (shape: ResourceData["properties"][string]["shape"]) =>
  ({ required: false, replacement: "no", shape }) as const;

function data(type: string, named: boolean): ResourceData {
  return {
    type,
    identifier: [named ? "Name" : "Id"],
    reference: [named ? "Name" : "Id"],
    arnTemplate: undefined,
    attributes: { Arn: "string", "Nested.Deep": "string" },
    properties: {
      ...(named ? { Name: { required: false, replacement: "yes", shape: scalar } as const } : {}),
      Value: inPlace({ kind: "any" }),
      Fixed: { required: true, replacement: "yes", shape: scalar },
      Uses: inPlace({ kind: "list", element: scalar }),
      Config: inPlace({
        kind: "object",
        properties: () => ({
          Size: { required: true, replacement: "no", shape: scalar },
          Kind: { required: false, replacement: "yes", shape: scalar },
        }),
      }),
    },
    tagProperty: named ? "Tags" : undefined,
    replacementPaths: [],
  };
}

export const fakeData: ReadonlyMap<string, ResourceData> = new Map([
  [namedType, data(namedType, true)],
  [plainType, data(plainType, false)],
]);
