import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type { Scaling } from "./ports.ts";

export function createScaling({ target }: Connection, lambda: LambdaConnection): Scaling {
  return {
    put: (FunctionName, Qualifier, { min, max }) =>
      explained(target, async () => {
        const { sdk, client } = await lambda();
        const command = new sdk.PutFunctionScalingConfigCommand({
          FunctionName,
          Qualifier,
          FunctionScalingConfig: { MinExecutionEnvironments: min, MaxExecutionEnvironments: max },
        });
        await client.send(command);
      }),
  };
}
