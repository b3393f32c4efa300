/** What deployments upload into the bucket of the bootstrap stack. */
export interface Assets {
  /**
   * Reads an object to its end.
   * @param key as the deployed template names it
   * @returns base64 of its SHA-256, as Lambda tells that of code
   */
  sha256(place: { readonly stackId: string }, key: string, signal: AbortSignal): Promise<string>;
}
