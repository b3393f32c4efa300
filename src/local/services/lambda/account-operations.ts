import type { GetAccountSettingsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { latest } from "./documents.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";
import { maxUnzippedBytes, maxZippedBytes } from "./limits.ts";

export function accountOperations({ store }: LambdaContext): Operations {
  return {
    GetAccountSettings: async (
      _input: object,
      context: CallContext,
    ): Promise<GetAccountSettingsResponse> => {
      const versions = store.versions.list(context.region);
      return {
        // Lambda developer guide, gettingstarted-limits: the defaults of an account.
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: maxUnzippedBytes,
          CodeSizeZipped: maxZippedBytes,
          ConcurrentExecutions: 1000,
          UnreservedConcurrentExecutions: 1000,
        },
        AccountUsage: {
          TotalCodeSize: versions.reduce((sum, { code }) => sum + code.size, 0),
          FunctionCount: versions.filter(({ qualifier }) => qualifier === latest).length,
        },
      };
    },
  };
}
