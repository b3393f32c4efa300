import type { ProbeAnswer } from "../../../deploy/probe.ts";
import type { Reporter, StepHandle, StepOptions } from "../../output/reporter.ts";

/** Ends a step as failed, and goes no further. */
class AnsweredWithError extends Error {
  readonly answer: ProbeAnswer;

  constructor(answer: ProbeAnswer) {
    super("answered with an error");
    this.answer = answer;
  }
}

/** A step that succeeds where the answer is no error. An error is an answer all the same: it is returned. */
export async function probeInStep(
  label: string,
  reporter: Reporter,
  probe: (step: StepHandle) => Promise<ProbeAnswer>,
  options: StepOptions = {},
): Promise<ProbeAnswer> {
  const work = async (step: StepHandle) => {
    const answer = await probe(step);
    if (answer.functionError !== undefined) throw new AnsweredWithError(answer);
    return answer;
  };
  try {
    return await reporter.step(label, work, options);
  } catch (error) {
    if (error instanceof AnsweredWithError) return error.answer;
    throw error;
  }
}

type Told = Pick<ProbeAnswer, "statusCode" | "functionError" | "milliseconds">;

/** `200 in 12 ms`; Lambda answers 200 also where the function throws. */
export function answerWords({ statusCode, functionError, milliseconds }: Told): string {
  const what = functionError === undefined ? String(statusCode) : `an error (${functionError})`;
  return `${what} in ${milliseconds} ms`;
}

/** ` First answer 200 in 12 ms.`, for the end of a line that says what was done; nothing where nobody asked. */
export function firstAnswerWords(answer: Told | undefined): string {
  if (answer === undefined) return "";
  return answer.functionError === undefined
    ? ` First answer ${answerWords(answer)}.`
    : ` The first answer was ${answerWords(answer)}.`;
}
