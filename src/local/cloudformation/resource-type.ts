import type { CallContext, TargetContext } from "../service.ts";

export type Properties = Readonly<Record<string, unknown>>;

/** What a handler may use while it works on one resource. */
export interface ResourceContext extends TargetContext {
  readonly call: TargetContext["call"];
  readonly caller: CallContext;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** A physical name as CloudFormation makes it: `stack-logicalId-RANDOM`, cut to `maxLength`. */
  readonly generateName: (maxLength: number, options?: { readonly lowercase?: boolean }) => string;
  /** Stack tags and `aws:cloudformation:*` tags that CloudFormation propagates to resources. */
  readonly stackTags: readonly { readonly Key: string; readonly Value: string }[];
  /** Stack tags that it may have from before an update. */
  readonly previousStackTags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly signal: AbortSignal;
  /**
   * Says that the resource exists and how it is called, before it is ready. What was said survives a
   * restart, and a resource that fails afterwards is deleted by the rollback.
   */
  readonly initiated?: (physicalId: string) => void;
}

export interface ProvisionedResource {
  /** What `Ref` returns. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` returns, by attribute name; dots for nested attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * The behaviour of one CloudFormation resource type. Types without one are kept as records only:
 * attributes and replacement rules then come from AWS's resource data alone.
 * Handlers must be repeatable: after a restart `create` may be called again with the same name.
 */
export interface ResourceType {
  readonly type: string;
  create(properties: Properties, context: ResourceContext): Promise<ProvisionedResource>;
  update(
    physicalId: string,
    properties: Properties,
    previous: Properties,
    context: ResourceContext,
  ): Promise<ProvisionedResource>;
  /** Updated with every update of the stack, since more than its properties decides what it is to be. */
  readonly alwaysUpdates?: true;
  /** Whether a change of properties that AWS's data say "may" replace the resource does; without it, none does. */
  readonly replaces?: (previous: Properties, properties: Properties) => boolean;
  /** What it is now: attributes may change with other resources. */
  describe?: (physicalId: string, context: ResourceContext) => Promise<ProvisionedResource>;
  /** Physical id of the resource whose attributes are others once this one is made. */
  readonly changesAttributesOf?: (properties: Properties) => string;
  /** A resource that is already gone is no error. */
  delete(physicalId: string, properties: Properties, context: ResourceContext): Promise<void>;
}
