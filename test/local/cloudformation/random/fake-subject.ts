import { expect } from "vitest";
import { holds, valueOf } from "./expressions.ts";
import type { Values } from "./expressions.ts";
import { FakeWorld, fakeData } from "./fake-world.ts";
import type { Thing } from "./fake-world.ts";
import type { Fault } from "./faults.ts";
import { checkListed, isStable } from "./invariants.ts";
import type { Deployed, Subject } from "./player.ts";
import { entryLines, eventsShown, outputsOf, physicalIdsOf, stackShown } from "./shown.ts";
import type { ShownChange, ShownStack } from "./shown.ts";
import { TargetUnderTest } from "./target-under-test.ts";
import { active, namedType, toBody, typeOf } from "./templates.ts";
import type { RandomResource, RandomTemplate, Slot } from "./templates.ts";

export interface Snapshot {
  readonly physicalIds: ReadonlyMap<string, string>;
  readonly things: ReadonlyMap<string, Thing>;
  readonly outputs: ShownStack["Outputs"];
}

/** Made-up types on a world whose every thing can be looked at: what the engine does is checked to the last value. */
export class FakeSubject implements Subject<RandomTemplate, Snapshot> {
  readonly excuse =
    /requires replacing|not supported on stack with disable-rollback|already exists/;
  readonly #world = new FakeWorld();
  readonly target = new TargetUnderTest({
    types: (life) => this.#world.types(life),
    data: { load: async (types) => pick(types) },
    services: () => async (service, operation) => {
      throw new Error(`unexpected call ${service}.${operation}`);
    },
  });

  expect(faults: ReadonlyMap<number, Fault>, seed: number): void {
    this.#world.faults.expect(faults, seed);
  }

  input({ template, values, tag }: Deployed<RandomTemplate>): object {
    return {
      TemplateBody: toBody(template),
      Parameters: Object.entries(values).map(([ParameterKey, value]) => ({
        ParameterKey,
        ParameterValue: String(value),
      })),
      Tags: tag === undefined ? [] : [{ Key: "tag", Value: tag }],
    };
  }

  async snapshot(): Promise<Snapshot> {
    const physicalIds = await physicalIdsOf(this.target);
    const things = new Map(
      [...physicalIds.values()].flatMap((id) => {
        const thing = this.#world.things.get(id);
        return thing ? [[id, structuredClone(thing)] as const] : [];
      }),
    );
    return { physicalIds, things, outputs: await outputsOf(this.target) };
  }

  lines({ physicalIds, things, outputs }: Snapshot): string[] {
    return [
      ...entryLines("id of", physicalIds),
      ...entryLines("thing", things),
      ...outputs.map((output) => `output ${JSON.stringify(output)}`),
    ];
  }

  /** In a stable stack its things are exactly those in its list, and those that it let go on purpose. */
  async checkOwnership(stackId: string): Promise<void> {
    if (!isStable((await stackShown(this.target, stackId)).StackStatus)) return;
    const ids = [...(await physicalIdsOf(this.target, stackId)).values()];
    const events = await eventsShown(this.target, stackId);
    const owned = [...this.#world.things]
      .filter(([, { owner }]) => owner.startsWith(`${stackId} `))
      .map(([id]) => id);
    const left = new Set(
      events
        .filter(({ ResourceStatus }) => /^DELETE_(SKIPPED|FAILED)$/.test(ResourceStatus))
        .map(({ PhysicalResourceId }) => PhysicalResourceId),
    );
    const orphans = owned.filter((id) => !ids.includes(id) && !left.has(id));
    expect(orphans, "no orphans").toEqual([]);
    const lost = ids.filter((id) => !owned.includes(id));
    expect(lost, "no lost resources").toEqual([]);
  }

  /** The things and outputs are what the template says, computed without the code under test. */
  async checkDeployed(deployed: Deployed<RandomTemplate>): Promise<void> {
    const { physicalIds, things, outputs } = await this.snapshot();
    const resources = active(deployed.template, deployed.values);
    expect([...physicalIds.keys()].toSorted()).toEqual([...resources.keys()].toSorted());
    const idOf = (id: string) => (resources.has(id as Slot) ? physicalIds.get(id) : undefined);
    for (const [id, resource] of resources) {
      const thing = things.get(idOf(id) ?? "");
      expect(asText(thing?.properties), id).toEqual(
        asText(expectedProperties(id, resource, deployed.values, idOf)),
      );
      const tags = deployed.tag === undefined ? [] : [{ Key: "tag", Value: deployed.tag }];
      expect(thing?.tags, `${id}'s tags`).toEqual(typeOf(id) === namedType ? tags : []);
    }
    const expected = deployed.template.outputs.flatMap(({ value, condition, exported }, index) =>
      condition !== undefined && !holds(condition, deployed.values)
        ? []
        : [
            {
              OutputKey: `Out${index}`,
              OutputValue: String(valueOf(value, deployed.values, idOf)),
              ...(exported ? { ExportName: `s-${index}` } : {}),
            },
          ],
    );
    expect(outputs.map((output) => JSON.parse(JSON.stringify(output)) as object)).toEqual(expected);
  }

  async checkChanges(
    stackId: string,
    before: Snapshot,
    changes: readonly ShownChange[],
  ): Promise<void> {
    const after = await this.snapshot();
    const events = await eventsShown(this.target, stackId);
    const resisted = new Set(
      events
        .filter(({ ResourceStatus }) => ResourceStatus === "DELETE_FAILED")
        .map(({ PhysicalResourceId }) => PhysicalResourceId),
    );
    checkListed(changes, before.physicalIds, after.physicalIds, {
      isLeft: (id) => this.#world.things.has(id) && !resisted.has(id),
      isSame: (id) =>
        expect(after.things.get(id), `${id} is not listed`).toEqual(before.things.get(id)),
    });
  }
}

function pick(types: Iterable<string>) {
  return new Map(
    [...types].flatMap((type) => {
      const data = fakeData.get(type);
      return data ? [[type, data] as const] : [];
    }),
  );
}

function expectedProperties(
  id: string,
  resource: RandomResource,
  values: Values,
  idOf: (id: string) => string | undefined,
): object {
  return {
    ...(typeOf(id) === namedType && resource.name !== undefined ? { Name: resource.name } : {}),
    Value: valueOf(resource.value, values, idOf),
    Fixed: resource.fixed,
    Uses: resource.uses.map((of) => valueOf({ kind: "ref", of }, values, idOf)),
    ...(resource.config ? { Config: resource.config } : {}),
  };
}

/** To CloudFormation, 1 and "1" are the same. */
function asText(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_, item: unknown) =>
      typeof item === "number" || typeof item === "boolean" ? String(item) : item,
    ),
  );
}
