import type { Aws, CodeState, StackState } from "../../../aws/ports.ts";
import type { ProbeAnswer } from "../../../deploy/probe.ts";
import { hexHash } from "../../../deploy/code-hash.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { pushFunction } from "../../../deploy/push-function.ts";
import type { Published } from "../../../deploy/readiness.ts";
import type { Reporter } from "../../output/reporter.ts";
import { duration } from "../../output/duration.ts";
import { wrap } from "../../output/wrap.ts";
import { deployContext, type DeployDeps } from "../deploy/deploy-context-of.ts";
import { firstAnswerWords } from "../deploy/probe-in-step.ts";
import type { Limits } from "../deploy/time-limit.ts";
import { pausedWords } from "../deploy/until-answered.ts";
import { firstAnswer, inService } from "../push/bring.ts";
import { keepCode } from "../push/keep-code.ts";
import { rollbackPhase } from "../push/phases.ts";
import type { Candidate } from "./choose.ts";

interface Bringing {
  readonly functionName: string;
  readonly target: Candidate;
  readonly latest: CodeState;
  readonly stack: StackState;
  readonly aws: Aws;
  readonly limits: Limits;
  /** undefined: no first request. */
  readonly probe: Uint8Array | undefined;
  /** It runs nowhere before, and will not afterwards. */
  readonly isPaused: boolean;
  /** A rollback before this one has published it, and it is not in service yet. */
  readonly isUnderWay: boolean;
}

/** Lets Lambda take kept code from the bucket, publishes it, and waits until it answers. */
export async function bringKept(
  bringing: Bringing,
  deps: DeployDeps,
): Promise<{
  readonly to: string;
  readonly toHex: string;
  readonly paused: boolean;
  readonly answer: ProbeAnswer | undefined;
  readonly milliseconds: number;
}> {
  const { functionName, target, stack, aws, limits, probe, isPaused, isUnderWay } = bringing;
  const { reporter, system } = deps;
  const started = system.now();
  const context = deployContext(aws, limits, deps);
  if (isUnderWay) limits.phase = rollbackPhase("published", functionName, target.codeSha256);
  const { codeSha256, description } =
    isUnderWay && target.codeSha256 !== undefined
      ? { codeSha256: target.codeSha256, description: undefined }
      : await publishKept(bringing, started, context, reporter);
  const shared = {
    context,
    reporter,
    probe,
    paused: new Set(isPaused ? [functionName] : []),
    inFront: () => "",
  };
  await inService({ functionName, codeSha256, description }, shared);
  const place = { stackId: stack.stackId, functionName };
  const again = { codeSha256, at: started, by: "rollback", source: { key: target.key } } as const;
  const [answer] = await Promise.all([
    firstAnswer(functionName, shared),
    // It is kept already; this only tells the next rollback where it starts from.
    keepCode(place, again, context).catch(() => context.signal.throwIfAborted()),
  ]);
  const milliseconds = system.now().getTime() - started.getTime();
  const took = duration(milliseconds);
  if (isPaused)
    reporter.info(
      wrap(`The code before is there again, in ${took}. ${pausedWords([functionName], true)}`, 2),
    );
  else reporter.info(`Rolled back in ${took}.${firstAnswerWords(answer)}`);
  reporter.info("Until the project says so too, a push or a deploy brings its code again.");
  if (isPaused) reporter.info(`Next: lmi resume${aws.target.local ? " --local" : ""}`);
  return { to: codeSha256, toHex: hexHash(codeSha256), paused: isPaused, answer, milliseconds };
}

async function publishKept(
  { functionName, target, latest, stack, aws, limits }: Bringing,
  at: Date,
  context: DeployContext,
  reporter: Reporter,
): Promise<Published> {
  // What Lambda has failed to take is brought again, whatever hash it tells.
  const isThere = latest.codeSha256 === target.codeSha256 && latest.lastUpdateStatus !== "Failed";
  const description = `lmi rollback ${at.toISOString()}`;
  const codeSha256 = await reporter.step("code", async (step) => {
    const hash = await pushFunction(
      {
        functionName,
        latest,
        source: isThere ? undefined : { bucket: aws.keptCodes.bucket(stack), key: target.key },
        codeSha256: target.codeSha256,
        change: {},
        description,
      },
      context,
      {
        progress: (text) => step.progress(text),
        onStage: (stage) =>
          void (limits.phase = rollbackPhase(stage, functionName, target.codeSha256)),
      },
    );
    step.progress("published");
    return hash;
  });
  return { codeSha256, description };
}
