import type {
  CreateEventBusRequest,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  ListEventBusesRequest,
} from "@aws-sdk/client-eventbridge";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import {
  busArn,
  type BusDocument,
  busName,
  defaultBus,
  type EventStore,
  existingBus,
  page,
  validation,
} from "./event-store.ts";

/** Buses; every region has one called default. */
export function busOperations(target: TargetContext, store: EventStore): Record<string, Operation> {
  const { buses, rules } = store;
  const usual: BusDocument = { Name: defaultBus, CreationTime: "1970-01-01T00:00:00.000Z" };
  return {
    async CreateEventBus(input: CreateEventBusRequest, context: CallContext) {
      const { Name = "", Description } = input;
      if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(Name))
        throw validation(`Value '${Name}' at 'name' must be 1 to 256 letters, digits, ., - and _`);
      if (Name === defaultBus || buses.get(context.region, Name))
        throw new ServiceError(
          "ResourceAlreadyExistsException",
          `Event bus ${Name} already exists.`,
        );
      const CreationTime = target.clock.now().toISOString();
      buses.put(context.region, Name, { Name, Description, CreationTime });
      return { EventBusArn: busArn(Name, context), Description };
    },

    async DescribeEventBus(input: DescribeEventBusRequest, context: CallContext) {
      const name = existingBus(store, input.Name, context);
      return presented(buses.get(context.region, name) ?? usual, context);
    },

    async ListEventBuses(input: ListEventBusesRequest, context: CallContext) {
      const found = [usual, ...buses.list(context.region)].filter(({ Name }) =>
        Name.startsWith(input.NamePrefix ?? ""),
      );
      const { items, NextToken } = page(found, input);
      return { EventBuses: items.map((bus) => presented(bus, context)), NextToken };
    },

    /** What is not there is no error. */
    async DeleteEventBus(input: DeleteEventBusRequest, context: CallContext) {
      const name = busName(input.Name);
      if (name === defaultBus) throw validation("Cannot delete event bus default.");
      if (rules.list(context.region).some(({ bus }) => bus === name))
        throw validation(`Event bus ${name} can't be deleted since it has rules.`);
      buses.delete(context.region, name);
      return {};
    },
  };
}

function presented({ CreationTime, ...bus }: BusDocument, context: CallContext): object {
  const created = new Date(CreationTime);
  const Arn = busArn(bus.Name, context);
  return { ...bus, Arn, CreationTime: created, LastModifiedTime: created };
}
