import type { CfnResource, Stack } from "aws-cdk-lib/core";
import { type CfnFunction, CfnPermission, CfnUrl } from "./cdk.ts";
import type { UrlSettings } from "./settings.ts";

export type FunctionUrl = InstanceType<typeof CfnUrl>;

/**
 * A URL of the function, which on managed instances means its `$LATEST.PUBLISHED`. A URL for everybody needs two
 * permissions: on the URL, and on invokes that come by it (Lambda developer guide, urls-auth).
 */
export function createFunctionUrl(
  stack: Stack,
  id: string,
  resource: InstanceType<typeof CfnFunction>,
  { auth, stream, cors }: UrlSettings,
): FunctionUrl {
  const authType = auth === "iam" ? "AWS_IAM" : "NONE";
  const url = new CfnUrl(stack, `${id}Url`, {
    targetFunctionArn: resource.attrArn,
    authType,
    invokeMode: stream ? "RESPONSE_STREAM" : "BUFFERED",
    ...(cors ? { cors: { ...cors } as ConstructorParameters<typeof CfnUrl>[2]["cors"] } : {}),
  });
  if (auth === "none") permitEverybody(stack, id, resource.attrArn);
  return url;
}

function permitEverybody(stack: Stack, id: string, functionName: string): CfnResource[] {
  const everybody = { functionName, principal: "*" };
  return [
    new CfnPermission(stack, `${id}UrlForEverybody`, {
      ...everybody,
      action: "lambda:InvokeFunctionUrl",
      functionUrlAuthType: "NONE",
    }),
    new CfnPermission(stack, `${id}InvokeByUrl`, {
      ...everybody,
      action: "lambda:InvokeFunction",
      invokedViaFunctionUrl: true,
    }),
  ];
}
