import { once } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { Identity } from "./ports.ts";

export function createIdentity(connection: Connection): Identity {
  return { caller: once(() => explained(connection.target, () => caller(connection))) };
}

async function caller(connection: Connection) {
  const [{ STSClient, GetCallerIdentityCommand }, settings] = await Promise.all([
    import("@aws-sdk/client-sts"),
    connection.settings(),
  ]);
  const answer = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  return { accountId: answer.Account ?? "", arn: answer.Arn ?? "" };
}
