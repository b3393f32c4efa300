/** A resource before and after, as the toolkit library's difference has it. */
export interface ChangedResource {
  readonly oldResourceType?: string | undefined;
  readonly newResourceType?: string | undefined;
  readonly oldProperties?: Readonly<Record<string, unknown>> | undefined;
  readonly newProperties?: Readonly<Record<string, unknown>> | undefined;
}

export interface Exposure {
  readonly logicalId: string;
  readonly sign: "+" | "-";
  readonly words: string;
}

/**
 * What anybody may call from now on, or no longer, because it asks for no authorization. It is told apart from IAM: a
 * route that loses its authorization changes no statement.
 */
export function exposures(changes: Readonly<Record<string, ChangedResource>>): Exposure[] {
  return Object.entries(changes).flatMap(([logicalId, change]) => {
    const before = openTo(change.oldResourceType, change.oldProperties);
    const after = openTo(change.newResourceType, change.newProperties);
    if (before === after) return [];
    const lost: Exposure[] = before === undefined ? [] : [{ logicalId, sign: "-", words: before }];
    return after === undefined ? lost : [...lost, { logicalId, sign: "+", words: after }];
  });
}

function openTo(
  type: string | undefined,
  properties: Readonly<Record<string, unknown>> = {},
): string | undefined {
  if (type === "AWS::Lambda::Url" && properties["AuthType"] === "NONE")
    return "function URL that everybody on the internet may call";
  const authorization = properties["AuthorizationType"] ?? "NONE";
  if (type === "AWS::ApiGatewayV2::Route" && authorization === "NONE")
    return `${routeOf(properties["RouteKey"])} that everybody on the internet may call`;
  return undefined;
}

function routeOf(key: unknown): string {
  return typeof key === "string" ? `route ${key}` : "route";
}

/** Permissions for everybody that hold only for calls through the function's own URL. */
export function permissionsOfUrls(changes: Readonly<Record<string, ChangedResource>>): boolean {
  const permissions = Object.values(changes).flatMap(({ newProperties, newResourceType }) =>
    newResourceType === "AWS::Lambda::Permission" && newProperties?.["Principal"] === "*"
      ? [newProperties]
      : [],
  );
  const direct = permissions.filter(({ Action }) => Action === "lambda:InvokeFunction");
  return direct.length > 0 && direct.every((each) => each["InvokedViaFunctionUrl"] === true);
}
