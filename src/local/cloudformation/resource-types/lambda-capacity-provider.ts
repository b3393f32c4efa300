import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import {
  changed,
  number,
  object,
  objects,
  pick,
  requiredText,
  tagChanges,
  tagMap,
  text,
} from "./properties.ts";
import { createNamed, deleteNamed, unlessMissing } from "./repeatable.ts";
import { waitFor } from "./waiting.ts";

const type = "AWS::Lambda::CapacityProvider";
const taken = ["ResourceConflictException"];
const missing = ["ResourceNotFoundException"];
/** The API takes 140 characters for name or ARN, so a name has to leave room for the rest of its ARN. */
const nameLength = 64;

interface Answer {
  readonly CapacityProvider: { readonly CapacityProviderArn: string; readonly State: string };
}

function call<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: object,
): Promise<Output> {
  return context.call<Output>("lambda", operation, input, context.caller);
}

/** What can be changed in place, as the API takes it. */
function changeable(properties: Properties): Record<string, unknown> {
  const propagate = object(properties, "PropagateTags");
  const scaling = object(properties, "CapacityProviderScalingConfig");
  const maximum = number(scaling, "MaxVCpuCount");
  return {
    ...(properties["CapacityProviderScalingConfig"] === undefined
      ? {}
      : {
          CapacityProviderScalingConfig: {
            ...scaling,
            ...(maximum === undefined ? {} : { MaxVCpuCount: maximum }),
          },
        }),
    ...(properties["PropagateTags"] === undefined
      ? {}
      : {
          PropagateTags: {
            ...propagate,
            // A list in CloudFormation, a map in the API.
            ...(propagate["ExplicitTags"] === undefined
              ? {}
              : {
                  ExplicitTags: Object.fromEntries(
                    objects(propagate, "ExplicitTags").map((tag) => [
                      requiredText(tag, "Key"),
                      requiredText(tag, "Value"),
                    ]),
                  ),
                }),
          },
        }),
    ...pick(properties, ["TelemetryConfig"]),
  };
}

/** What a new capacity provider has of these (Lambda API reference, CreateCapacityProvider and the types of its members). */
const defaultScaling = { MaxVCpuCount: 400, ScalingMode: "Auto" };
const noPropagation = { Mode: "None" };
const defaultLogging = (name: string) => ({
  LogGroup: `/aws/lambda/capacity-provider/${name}`,
  SystemLogLevel: "INFO",
});

/** As changeable, and defaults for what the template no longer gives, whole or in part. */
function changes(name: string, properties: Properties, previous: Properties): object {
  const was = changeable(previous);
  const wanted = changeable(properties);
  const completed = {
    CapacityProviderScalingConfig: {
      ...defaultScaling,
      ...object(wanted, "CapacityProviderScalingConfig"),
    },
    PropagateTags: { ...noPropagation, ...object(wanted, "PropagateTags") },
    TelemetryConfig: {
      LoggingConfig: {
        ...defaultLogging(name),
        ...object(object(wanted, "TelemetryConfig"), "LoggingConfig"),
      },
    },
  };
  return pick(
    completed,
    Object.keys(completed).filter((member) => changed(wanted, was, [member])),
  );
}

function provisioned(name: string, { CapacityProvider }: Answer): ProvisionedResource {
  return {
    physicalId: name,
    attributes: { Arn: CapacityProvider.CapacityProviderArn, State: CapacityProvider.State },
  };
}

function untilActive(name: string, context: ResourceContext): Promise<ProvisionedResource> {
  return waitFor(context, `Resource of type '${type}' with identifier '${name}'`, async () => {
    const answer = await call<Answer>(context, "GetCapacityProvider", {
      CapacityProviderName: name,
    });
    const { State } = answer.CapacityProvider;
    if (State === "Active") return provisioned(name, answer);
    if (State === "Failed") {
      throw new ServiceError(
        "NotStabilized",
        `Resource of type '${type}' with identifier '${name}' did not stabilize: its state is Failed.`,
      );
    }
    return undefined;
  });
}

async function create(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const name = text(properties, "CapacityProviderName") ?? context.generateName(nameLength);
  await createNamed(context, name, taken, () =>
    call(context, "CreateCapacityProvider", {
      CapacityProviderName: name,
      ...pick(properties, ["VpcConfig", "PermissionsConfig", "InstanceRequirements", "KmsKeyArn"]),
      ...changeable(properties),
      Tags: tagMap(properties, context),
    }),
  );
  context.initiated?.(name);
  return untilActive(name, context);
}

async function update(
  name: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  if (
    changed(properties, previous, [
      "CapacityProviderScalingConfig",
      "PropagateTags",
      "TelemetryConfig",
    ])
  ) {
    await call(context, "UpdateCapacityProvider", {
      CapacityProviderName: name,
      ...changes(name, properties, previous),
    });
  }
  const resource = await untilActive(name, context);
  const { set, removedKeys } = tagChanges(properties, previous, context);
  const Resource = resource.attributes["Arn"];
  if (removedKeys.length > 0)
    await call(context, "UntagResource", { Resource, TagKeys: removedKeys });
  if (set.length > 0) {
    const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
    await call(context, "TagResource", { Resource, Tags });
  }
  return resource;
}

async function remove(
  name: string,
  _properties: Properties,
  context: ResourceContext,
): Promise<void> {
  await deleteNamed(context, name, missing, () =>
    call(context, "DeleteCapacityProvider", { CapacityProviderName: name }),
  );
  await waitFor(context, `The deletion of capacity provider '${name}'`, async () => {
    const answer = await unlessMissing(missing, () =>
      call<Answer>(context, "GetCapacityProvider", { CapacityProviderName: name }),
    );
    return answer ? undefined : true;
  });
}

export const capacityProvider: ResourceType = { type, create, update, delete: remove };
