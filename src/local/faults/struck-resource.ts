import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../cloudformation/resource-type.ts";
import { ServiceError } from "../service-error.ts";
import { type FaultSource, markedReason, type ResourceAction, type StruckRule } from "./fault.ts";

/** A resource type that fails where the rules say so, and works as always elsewhere. */
export function withFaults(
  type: ResourceType,
  where: { readonly faults: FaultSource; readonly region: string },
): ResourceType {
  const work = async <Result>(
    action: ResourceAction,
    context: ResourceContext,
    run: () => Promise<Result>,
    done: (result: Result) => void = () => {},
  ): Promise<Result> => {
    const { logicalId } = context;
    const occasion = { at: "resource", resourceType: type.type, logicalId, action } as const;
    let late: ServiceError | undefined;
    for (const rule of where.faults.strike({ ...occasion, region: where.region })) {
      if (rule.fault === "slow") await context.clock.sleep(rule.delayMs ?? 0, context.signal);
      else if (rule.when === "after") late = resourceError(rule, context);
      else throw resourceError(rule, context);
    }
    const result = await run();
    if (late === undefined) return result;
    done(result);
    throw late;
  };
  return {
    type: type.type,
    create: (properties: Properties, context) =>
      work("create", context, () => type.create(properties, context), initiated(context)),
    update: (physicalId, properties, previous, context) =>
      work("update", context, () => type.update(physicalId, properties, previous, context)),
    delete: (physicalId, properties, context) =>
      work("delete", context, () => type.delete(physicalId, properties, context)),
  };
}

/** It exists by then, and the rollback must know what to delete. */
function initiated(context: ResourceContext): (made: ProvisionedResource) => void {
  return (made) => context.initiated?.(made.physicalId);
}

/** The handler's error; its code becomes one of "Handler error codes" (CloudFormation CLI user guide). */
function resourceError(rule: StruckRule, { accountId }: ResourceContext): ServiceError {
  const { fault, reason } = rule;
  const failed = (code: string, usual: string) =>
    new ServiceError(code, markedReason(reason ?? usual, rule));
  if (fault === "throttle") return failed("ThrottlingException", "Rate exceeded");
  if (fault === "access-denied") {
    const text = `User: arn:aws:iam::${accountId}:user/lmi-local is not authorized to perform the operation`;
    return failed("AccessDenied", text);
  }
  return failed("GeneralServiceException", "Failed as a fault says");
}
