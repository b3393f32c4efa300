import type { Connection } from "./connection.ts";

export type CloudFormation = Awaited<ReturnType<typeof cloudFormationClient>>;

/** The CloudFormation client with the part of the SDK that it comes from. */
export async function cloudFormationClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([
    import("./sdk/cloudformation.ts"),
    connection.settings(),
  ]);
  return { sdk, client: new sdk.CloudFormationClient(settings) };
}
