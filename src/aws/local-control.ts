/** The form of a signature for the local target itself, which reads signatures and verifies none; see src/local/README.md. */
export const localAuthorization = `AWS4-HMAC-SHA256 Credential=lmi-local/20260101/us-east-1/lmi/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;

/** A target that is busy for longer is taken for gone. */
const answersWithin = 5000;

/** Asks a local target whether it lives; no fault strikes this question. @returns how many faults are in force */
export async function faultsInForce(endpoint: string): Promise<number | undefined> {
  try {
    const answer = await fetch(new URL("/faults", endpoint), {
      headers: { authorization: localAuthorization },
      signal: AbortSignal.timeout(answersWithin),
    });
    const { faults } = (await answer.json()) as { readonly faults?: readonly unknown[] };
    return faults?.length;
  } catch {
    // Nobody answers, or somebody else: that is the answer to the question.
    return undefined;
  }
}
