import type { Connection } from "./connection.ts";

export type Ec2 = Awaited<ReturnType<typeof ec2Client>>;

/** The EC2 client with the part of the SDK that it comes from; loading takes longer than all other clients. */
export async function ec2Client(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/ec2.ts"), connection.settings()]);
  return { sdk, client: new sdk.EC2Client(settings) };
}
