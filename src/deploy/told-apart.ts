import type { ExactWords, SecurityChange } from "./security-words.ts";

/**
 * What is taken away and what is given must not read alike, as an ARN whose name alone is shown does after a change of
 * its path: such changes are told in the first words of theirs that differ.
 */
export function toldApart(changes: readonly (SecurityChange & ExactWords)[]): SecurityChange[] {
  return changes.map((change) => {
    const { exact, ...told } = change;
    const alike = changes.filter((other) => readsAsOpposite(other, change));
    if (alike.length === 0) return told;
    const words = exact.find((own, index) => alike.every((other) => other.exact[index] !== own));
    return words === undefined ? told : { ...told, words };
  });
}

function readsAsOpposite(one: SecurityChange, other: SecurityChange): boolean {
  return one.sign !== other.sign && one.subject === other.subject && one.words === other.words;
}
