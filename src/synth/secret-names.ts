/** What names of settings, properties and environment variables have that hold secrets. */
const words = "secret|passw|token|credential|private[_-]?key|api[_-]?key";
const secret = new RegExp(words, "i");

/** Whether a value of this name may be somebody's secret. */
export function soundsSecret(name: string): boolean {
  return secret.test(name);
}

/**
 * In text that holds names and values: `"password": "…"` of JSON, whole or a piece of it, escaped or not, and
 * `password=…`. The first group is the name and what is between.
 */
export const secretsInText = new RegExp(
  String.raw`((?:${words})[\w-]*(?:\\*["']\s*:\s*|\s*=\s*))` +
    String.raw`("(?:[^"\\]|\\.)*"?|\\+"(?:[^"\\]|\\[^"])*(?:\\+")?|[^\s"',;&{}\]]+)`,
  "gi",
);
