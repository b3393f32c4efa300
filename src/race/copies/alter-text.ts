/** A run of ASCII letters and digits of which this many characters at the end are altered. */
const mostAltered = 6;

/**
 * The text with other characters in its last word, of the same kinds: digits stay digits, so that an id, a UUID or an
 * address is still one. An address keeps its host, a file its extension. Where nothing can be altered, the same text.
 * @param copy from 1; each gives another text
 * @param words how many words are altered, from the end
 */
export function alterText(text: string, copy: number, words = 1): string {
  const kept = /^[^\s@]+(@[^\s@]+)$|^.+(\.[A-Za-z][A-Za-z\d]{0,4})$/.exec(text);
  const end = kept?.[1] ?? kept?.[2] ?? "";
  const parts = text.slice(0, text.length - end.length).split(/([A-Za-z\d]+)/);
  const isHex = hexadecimal.test(text) && /\d/.test(text);
  // Words stand at odd places.
  const first = parts.length - 2 * words;
  return (
    parts
      .map((part, index) => (index % 2 === 1 && index >= first ? other(part, copy, isHex) : part))
      .join("") + end
  );
}

const hexadecimal = /^(?=.{8})[\da-f]+(-[\da-f]+)*$/i;

function other(word: string, copy: number, isHex: boolean): string {
  const from = Math.max(0, word.length - mostAltered);
  const end = word.slice(from).replaceAll(/[A-Za-z1-9]/g, (each) => turned(each, copy, isHex));
  return word.slice(0, from) + end;
}

/** Steps that lead eight copies to other digits, two to other letters in each. A zero stays one: it may lead a number. */
function turned(character: string, copy: number, isHex: boolean): string {
  if (/\d/.test(character)) return String(((Number(character) - 1 + copy) % 9) + 1);
  const first = /[a-z]/.test(character) ? 97 : 65;
  const [letters, step] = isHex ? [6, 2] : [26, 7];
  return String.fromCharCode(first + ((character.charCodeAt(0) - first + step * copy) % letters));
}
