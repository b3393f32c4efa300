/**
 * Lines as the bytes that go out, encoded one by one: put together as text first, each of them would be kept, and all
 * would be copied twice, once to be measured and once to be written.
 */
export class EncodedLines {
  #room: Buffer;
  #length = 0;

  /** @param count lines that are expected */
  constructor(count: number) {
    this.#room = Buffer.allocUnsafe(128 * count);
  }

  add(line: string): void {
    // UTF-8 has at most three bytes for one of JavaScript's characters.
    const end = this.#length + 3 * line.length;
    if (end > this.#room.length) this.#grow(2 * end);
    this.#length += this.#room.write(line, this.#length);
  }

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafe(size);
    this.#room.copy(larger, 0, 0, this.#length);
    this.#room = larger;
  }
}
