import { compileRegex, invalidPattern, type Matches } from "./filter-parts.ts";
import { parseJsonFilter } from "./json-filter.ts";

/**
 * A filter pattern as a test of messages: terms, "phrases", -exclusions, ?alternatives, %regular expressions%, and
 * JSON selectors in braces. Source: CloudWatch Logs user guide, "Filter pattern syntax". Patterns for
 * space-delimited logs, `[a, b]`, are refused.
 */
export function parseFilterPattern(pattern: string | undefined): Matches {
  const text = (pattern ?? "").trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return parseJsonFilter(text);
  if (text.startsWith("["))
    throw invalidPattern("the lmi local target does not implement space-delimited patterns");
  return parseTerms(text);
}

interface Term {
  readonly sign: "" | "-" | "?";
  readonly matches: Matches;
}

function parseTerms(text: string): Matches {
  const terms: Term[] = [];
  const token =
    /\s*(?<sign>[-?]?)(?:"(?<phrase>(?:[^"\\]|\\.)*)"|%(?<regex>[^%]+)%|(?<word>[^\s"]+))/gsy;
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const groups = token.exec(text)?.groups;
    if (groups === undefined) throw invalidPattern(text.slice(start));
    terms.push({ sign: (groups["sign"] ?? "") as Term["sign"], matches: matcherOf(groups) });
  }
  const required = terms.filter(({ sign }) => sign === "");
  const excluded = terms.filter(({ sign }) => sign === "-");
  // Next to other terms the alternatives count for nothing, says the user guide.
  const alternatives = required.length + excluded.length > 0 ? [] : terms;
  return (message) =>
    required.every((term) => term.matches(message)) &&
    !excluded.some((term) => term.matches(message)) &&
    (alternatives.length === 0 || alternatives.some((term) => term.matches(message)));
}

function matcherOf(groups: Readonly<Record<string, string | undefined>>): Matches {
  if (groups["regex"] !== undefined) {
    const regex = compileRegex(groups["regex"]);
    return (message) => regex.test(message);
  }
  const phrase = groups["phrase"]?.replace(/\\(.)/gs, "$1") ?? groups["word"] ?? "";
  return (message) => message.includes(phrase);
}
