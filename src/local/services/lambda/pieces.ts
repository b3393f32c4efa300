/** Pieces on their way from one writer to one reader. */
export class Pieces<Piece> implements AsyncIterable<Piece> {
  readonly #waiting: Piece[] = [];
  #ended = false;
  #failure: Error | undefined;
  #wake = Promise.withResolvers<void>();

  push(piece: Piece): void {
    this.#waiting.push(piece);
    this.#wake.resolve();
  }

  end(): void {
    this.#ended = true;
    this.#wake.resolve();
  }

  /** The reader gets what was pushed before, then this. */
  fail(error: Error): void {
    this.#failure = error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece> {
    for (;;) {
      const piece = this.#waiting.shift();
      if (piece !== undefined) {
        yield piece;
        continue;
      }
      if (this.#failure) throw this.#failure;
      if (this.#ended) return;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
    }
  }
}
