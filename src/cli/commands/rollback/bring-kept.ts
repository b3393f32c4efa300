import type { Aws, CodeState, StackState } from "../../../aws/ports.ts";
import type { ProbeAnswer } from "../../../deploy/probe.ts";
import { pushFunction } from "../../../deploy/push-function.ts";
import { duration } from "../../output/duration.ts";
import { deployContext, type DeployDeps } from "../deploy/deploy-context-of.ts";
import type { Limits } from "../deploy/time-limit.ts";
import { firstAnswer, inService } from "../push/bring.ts";
import { published, stored } from "../push/phases.ts";
import type { Candidate } from "./choose.ts";

interface Bringing {
  readonly functionName: string;
  readonly target: Candidate;
  readonly latest: CodeState;
  readonly stack: StackState;
  readonly aws: Aws;
  readonly limits: Limits;
  readonly probe: Uint8Array | undefined;
}

/** Lets Lambda take kept code from the bucket, publishes it, and waits until it answers. */
export async function bringKept(
  { functionName, target, latest, stack, aws, limits, probe }: Bringing,
  deps: DeployDeps,
): Promise<{
  readonly to: string;
  readonly answer: ProbeAnswer | undefined;
  readonly milliseconds: number;
}> {
  const { reporter, system } = deps;
  const started = system.now();
  const context = deployContext(aws, limits, deps);
  const isThere = latest.codeSha256 === target.codeSha256;
  const codeSha256 = await reporter.step("code", (step) =>
    pushFunction(
      {
        functionName,
        latest,
        source: isThere ? undefined : { bucket: aws.keptCodes.bucket(stack), key: target.key },
        codeSha256: target.codeSha256,
        change: {},
        description: `lmi rollback ${started.toISOString()}`,
      },
      context,
      {
        progress: (text) => step.progress(text),
        onStage: (stage) =>
          void (limits.phase = (stage === "stored" ? stored : published)("rollback")),
      },
    ),
  );
  const shared = { context, reporter, probe, paused: new Set<string>(), inFront: () => "" };
  await inService({ functionName, codeSha256 }, shared);
  const answer = await firstAnswer(functionName, shared);
  const milliseconds = system.now().getTime() - started.getTime();
  const first =
    answer === undefined ? "" : ` First answer ${answer.statusCode} in ${answer.milliseconds} ms.`;
  reporter.info(`Rolled back in ${duration(milliseconds)}.${first}`);
  reporter.info("Until the project says so too, a push or a deploy brings its code again.");
  return { to: codeSha256, answer, milliseconds };
}
