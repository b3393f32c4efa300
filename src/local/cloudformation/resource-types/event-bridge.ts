import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { documentText, objects, pick, requiredText, text } from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";

const missing = ["ResourceNotFoundException"];
const taken = ["ResourceAlreadyExistsException"];

function call<Output extends object>(context: ResourceContext, operation: string, input: object) {
  return context.call<Output>("events", operation, input, context.caller);
}

async function putRule(
  Name: string,
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const { RuleArn } = await call<{ RuleArn: string }>(context, "PutRule", {
    Name,
    ...pick(properties, ["EventBusName", "Description", "RoleArn", "ScheduleExpression", "State"]),
    ...(properties["EventPattern"] === undefined
      ? {}
      : { EventPattern: documentText(properties, "EventPattern") }),
  });
  const Targets = objects(properties, "Targets");
  const at = { Rule: Name, ...pick(properties, ["EventBusName"]) };
  const { Targets: before } = await call<{ Targets: { Id: string }[] }>(
    context,
    "ListTargetsByRule",
    at,
  );
  const Ids = before
    .map(({ Id }) => Id)
    .filter((id) => !Targets.some((target) => target["Id"] === id));
  if (Ids.length > 0) await call(context, "RemoveTargets", { ...at, Ids });
  if (Targets.length > 0) await call(context, "PutTargets", { ...at, Targets });
  const bus = text(properties, "EventBusName") ?? "default";
  // Ref is the name alone on the default bus (template reference, AWS::Events::Rule).
  const physicalId = bus === "default" ? Name : `${bus}|${Name}`;
  return { physicalId, attributes: { Arn: RuleArn, RuleName: Name } };
}

/** Rules of several buses may have the same name. */
const intentOf = (name: string, properties: Properties) =>
  `${text(properties, "EventBusName") ?? "default"}|${name}`;

const nameOf = (physicalId: string) => physicalId.split("|").at(-1) ?? "";

export const eventRule: ResourceType = {
  type: "AWS::Events::Rule",
  async create(properties, context) {
    const Name = text(properties, "Name") ?? context.generateName(64);
    const bus = pick(properties, ["EventBusName"]);
    // PutRule would change a rule that is there already; a stack takes over nothing.
    await createNamed(context, intentOf(Name, properties), taken, async () => {
      const found = await unlessMissing(missing, () =>
        call(context, "DescribeRule", { Name, ...bus }),
      );
      if (found) throw new ServiceError("ResourceAlreadyExistsException", `${Name} already exists`);
    });
    return putRule(Name, properties, context);
  },
  update: (physicalId, properties, _previous, context) =>
    putRule(nameOf(physicalId), properties, context),
  async delete(physicalId, properties, context) {
    const Name = nameOf(physicalId);
    const bus = pick(properties, ["EventBusName"]);
    await deleteNamed(context, intentOf(Name, properties), missing, async () => {
      const Ids = objects(properties, "Targets").map((target) => requiredText(target, "Id"));
      if (Ids.length > 0) await call(context, "RemoveTargets", { Rule: Name, ...bus, Ids });
      return call(context, "DeleteRule", { Name, ...bus });
    });
  },
};

function describeBus(Name: string, { caller }: ResourceContext): ProvisionedResource {
  const Arn = `arn:aws:events:${caller.region}:${caller.accountId}:event-bus/${Name}`;
  return { physicalId: Name, attributes: { Arn, Name, Policy: "" } };
}

export const eventBus: ResourceType = {
  type: "AWS::Events::EventBus",
  async create(properties, context) {
    const Name = requiredText(properties, "Name");
    await createNamed(context, Name, taken, () =>
      call(context, "CreateEventBus", { Name, ...pick(properties, ["Description"]) }),
    );
    return describeBus(Name, context);
  },
  update: async (physicalId, _properties, _previous, context) => describeBus(physicalId, context),
  async delete(physicalId, _properties, context) {
    await deleteNamed(context, physicalId, missing, () =>
      call(context, "DeleteEventBus", { Name: physicalId }),
    );
  },
};
