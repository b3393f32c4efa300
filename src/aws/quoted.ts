/** As a POSIX shell reads it back. */
export function quoted(value: string): string {
  return /^[\w./@%+=:-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
