/** Characters that are encoded at once: each call costs as much as a hundred of them. */
const fewCharacters = 8192;

/**
 * Lines as the bytes that go out, encoded while they come: put together as text first, each of them would be kept, and
 * all would be copied twice, once to be measured and once to be written.
 */
export class EncodedLines {
  #room: Buffer;
  #length = 0;
  #text = "";

  /** @param count lines that are expected */
  constructor(count: number) {
    this.#room = Buffer.allocUnsafe(128 * count);
  }

  add(line: string): void {
    this.#text += line;
    if (this.#text.length >= fewCharacters) this.#encode();
  }

  get bytes(): Uint8Array {
    this.#encode();
    return this.#room.subarray(0, this.#length);
  }

  #encode(): void {
    // UTF-8 has at most three bytes for one of JavaScript's characters.
    const end = this.#length + 3 * this.#text.length;
    if (end > this.#room.length) this.#grow(2 * end);
    this.#length += this.#room.write(this.#text, this.#length);
    this.#text = "";
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafe(size);
    this.#room.copy(larger, 0, 0, this.#length);
    this.#room = larger;
  }
}
