import { expect } from "vitest";
import { createMemoryState } from "../../../helpers/memory-state.ts";
import { createResourceDataSource } from "../../../../src/local/cloudformation/resource-data.ts";
import type { ResourceType } from "../../../../src/local/cloudformation/resource-type.ts";
import { resourceTypes } from "../../../../src/local/cloudformation/resource-types/registry.ts";
import { ServiceError } from "../../../../src/local/service-error.ts";
import type { Service, ServiceName, TargetContext } from "../../../../src/local/service.ts";
import { createEc2Service } from "../../../../src/local/services/ec2/service.ts";
import { createEcrService } from "../../../../src/local/services/ecr/service.ts";
import { createIamService } from "../../../../src/local/services/iam/service.ts";
import { createKmsService } from "../../../../src/local/services/kms/service.ts";
import { createLambdaService } from "../../../../src/local/services/lambda/service.ts";
import { createLogsService } from "../../../../src/local/services/logs/service.ts";
import { createS3Service } from "../../../../src/local/services/s3/service.ts";
import { createSsmService } from "../../../../src/local/services/ssm/service.ts";
import { Faults } from "./faults.ts";
import type { Fault, Life } from "./faults.ts";
import { checkListed, isStable } from "./invariants.ts";
import { leftDocuments, settledDocuments } from "./documents.ts";
import type { Deployed, Subject } from "./player.ts";
import { activeIds, kindOf, realBody } from "./real-templates.ts";
import type { RealTemplate } from "./real-templates.ts";
import { entryLines, eventsShown, outputsOf, physicalIdsOf, stackShown } from "./shown.ts";
import type { ShownChange, ShownStack } from "./shown.ts";
import { caller, TargetUnderTest } from "./target-under-test.ts";

export interface RealSnapshot {
  readonly physicalIds: ReadonlyMap<string, string>;
  readonly outputs: ShownStack["Outputs"];
  readonly documents: ReadonlyMap<string, unknown>;
}

/** Read once: AWS's data take 0.4 s. */
const data = createResourceDataSource();

const creators = [
  createEc2Service,
  createEcrService,
  createIamService,
  createKmsService,
  createLambdaService,
  createS3Service,
  createSsmService,
];

/** The resource types and services of the local target; what fails is one call of a handler to a service. */
export class RealSubject implements Subject<RealTemplate, RealSnapshot> {
  readonly excuse =
    /requires replacing|not supported on stack with disable-rollback|already (exists|associated|attached)|Conflict|Modify the function to create a new version/i;
  readonly #faults = new Faults();
  readonly #memory = createMemoryState();
  readonly #left = new Set<string>();
  /** KMS takes no token for a key, so a creation that is cut off may leave one: a listed difference. */
  #mayLoseKeys = false;
  /** Outlives kills: its events are in a database of their own. */
  #logs: Service | undefined;
  #call!: TargetContext["call"];
  readonly target = new TargetUnderTest(
    {
      types: (life) => this.#types(life),
      data,
      services: (context) => (this.#call = this.#services(context)),
    },
    this.#memory,
  );

  #services(context: TargetContext): TargetContext["call"] {
    this.#logs ??= createLogsService({ ...context, state: this.#memory });
    const services = new Map<ServiceName, Service>([["logs", this.#logs]]);
    for (const create of creators) {
      const service = create(context);
      services.set(service.name, service);
    }
    void services.get("lambda")?.resume?.();
    return async (service, operation, input, from) => {
      const handler = services.get(service)?.operations[operation];
      if (!handler) throw new ServiceError("NotImplemented", `${service}:${operation}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the dispatcher of the server does
      return (await handler(input as never, from)) as never;
    };
  }

  #types(life: Life): ReadonlyMap<string, ResourceType> {
    return new Map([...resourceTypes].map(([name, type]) => [name, this.#faulty(type, life)]));
  }

  #faulty(type: ResourceType, life: Life): ResourceType {
    const over = <Context extends { readonly call: TargetContext["call"] }>(context: Context) => ({
      ...context,
      call: (...call: Parameters<TargetContext["call"]>) =>
        this.#faults.run(life, () => context.call(...call)),
    });
    return {
      type: type.type,
      create: (properties, context) => type.create(properties, over(context)),
      update: (id, properties, previous, context) =>
        type.update(id, properties, previous, over(context)),
      delete: (id, properties, context) => type.delete(id, properties, over(context)),
    };
  }

  expect(faults: ReadonlyMap<number, Fault>, seed: number): void {
    this.#mayLoseKeys ||= [...faults.values()].some((fault) => fault.startsWith("kill"));
    // A call whose answer alone is lost is made again by real handlers' SDK: here it just fails.
    const possible = [...faults].map(
      ([call, fault]) => [call, fault === "fail late" ? "fail" : fault] as const,
    );
    this.#faults.expect(new Map(possible), seed);
  }

  input({ template, values, tag }: Deployed<RealTemplate>): object {
    return {
      TemplateBody: realBody(template),
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Parameters: Object.entries(values).map(([ParameterKey, value]) => ({
        ParameterKey,
        ParameterValue: String(value),
      })),
      Tags: tag === undefined ? [] : [{ Key: "tag", Value: tag }],
    };
  }

  async snapshot(): Promise<RealSnapshot> {
    return {
      physicalIds: await physicalIdsOf(this.target),
      outputs: await outputsOf(this.target),
      documents: settledDocuments(this.#memory, await this.#letGo("s"), true),
    };
  }

  lines({ physicalIds, documents, outputs }: RealSnapshot): string[] {
    return [
      ...entryLines("id of", physicalIds),
      ...entryLines("document", documents),
      ...outputs.map((output) => `output ${JSON.stringify(output)}`),
    ];
  }

  /** After its deletion nothing of a stack is left but what it let go on purpose. */
  async checkOwnership(stackId: string): Promise<void> {
    const { StackStatus } = await stackShown(this.target, stackId);
    const letGo = await this.#letGo(stackId);
    if (!isStable(StackStatus)) return;
    const resources = await physicalIdsOf(this.target, stackId);
    if (resources.size > 0) return;
    const left = leftDocuments(this.#memory, letGo, this.#mayLoseKeys);
    if (left.length > 0) expect.fail(`left after ${StackStatus}:\n${left.join("\n")}`);
  }

  /** Ids that this stack, or one before it, has let go. */
  async #letGo(stackId: string): Promise<string[]> {
    for (const { ResourceStatus, PhysicalResourceId } of await eventsShown(this.target, stackId)) {
      if (/^DELETE_(SKIPPED|FAILED)$/.test(ResourceStatus) && PhysicalResourceId)
        this.#left.add(PhysicalResourceId);
    }
    return [...this.#left];
  }

  async checkDeployed({ template, values }: Deployed<RealTemplate>): Promise<void> {
    const physicalIds = await physicalIdsOf(this.target);
    const outputs = new Map(
      (await outputsOf(this.target)).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
    const ids = activeIds(template, values);
    expect([...physicalIds.keys()].toSorted()).toEqual(ids.toSorted());
    for (const id of ids) {
      const physicalId = physicalIds.get(id) ?? "";
      const { attribute, look } = kindOf(id);
      expect(outputs.get(`${id}Ref`), id).toBe(physicalId);
      if (attribute !== undefined) expect(outputs.get(`${id}Attribute`), id).toMatch(/./);
      if (look === undefined) continue;
      const answer = JSON.stringify(await this.#call(...look(physicalId), caller()));
      expect(answer, `${id} is there`).toContain(physicalId.split(/[|]/).at(-1));
    }
  }

  async checkChanges(
    stackId: string,
    before: RealSnapshot,
    changes: readonly ShownChange[],
  ): Promise<void> {
    const skipped = new Set(
      (await eventsShown(this.target, stackId))
        .filter(({ ResourceStatus }) => ResourceStatus === "DELETE_SKIPPED")
        .map(
          ({ LogicalResourceId, PhysicalResourceId }) =>
            `${LogicalResourceId} ${PhysicalResourceId}`,
        ),
    );
    checkListed(changes, before.physicalIds, await physicalIdsOf(this.target), {
      isLeft: (id, logicalId) => skipped.has(`${logicalId} ${id}`),
      isSame: () => {},
    });
  }
}
