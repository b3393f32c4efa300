import type { InvocationRequest } from "@aws-sdk/client-lambda";
import type { LocalTargetOptions } from "../../../src/local/local-target.ts";
import { ServiceError } from "../../../src/local/service-error.ts";
import type { Service } from "../../../src/local/service.ts";
import { startTestTarget } from "../../helpers/local-target.ts";
import { manualClock } from "../../helpers/manual-clock.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";

/** What a function was sent, and when. */
interface Came {
  readonly at: string;
  readonly type: unknown;
  readonly event: unknown;
}

/** A target, on a clock that a test moves, whose Lambda writes down what it is asked, and refuses where it is told to. */
export async function startPushBench(
  options: Partial<LocalTargetOptions> & { readonly manual?: boolean } = {},
  clock = manualClock(),
) {
  const came: Came[] = [];
  const logged: string[] = [];
  let refusals = 0;
  let refusal = "";
  const lambda: Service = {
    name: "lambda",
    operations: {
      Invoke: async ({ FunctionName, InvocationType, Payload }: InvocationRequest) => {
        if (FunctionName !== functionArn) throw new Error(`invoked ${FunctionName}`);
        refusals -= 1;
        if (refusals >= 0) throw new ServiceError(refusal, "not now");
        came.push({
          at: clock.now().toISOString().slice(11, 19),
          type: InvocationType,
          event: JSON.parse(Buffer.from(Payload ?? "").toString()) as unknown,
        });
        return { StatusCode: 202 };
      },
    },
  };
  const target = await startTestTarget({
    clock,
    random: () => 0.5,
    log: (line) => logged.push(line),
    ...options,
    services: { lambda: async () => () => lambda },
  });
  const refuse = (times: number, code = "TooManyRequestsException") => {
    refusals = times;
    refusal = code;
  };
  return {
    target,
    clock,
    came,
    logged,
    functionArn,
    refuse,
    times: () => came.map(({ at }) => at),
  };
}
