interface Waiting<Piece> {
  readonly piece: Piece;
  readonly taken: () => void;
}

/** Pieces on their way from one writer to one reader, who sets the pace. */
export class Pieces<Piece> implements AsyncIterable<Piece> {
  #waiting: Waiting<Piece>[] = [];
  #ended = false;
  #isReaderGone = false;
  #failure: Error | undefined;
  #wake = Promise.withResolvers<void>();

  /** Resolves when the reader has taken the piece, or when nobody waits for that any more: it has gone, or all ended. */
  push(piece: Piece): Promise<void> {
    if (this.#isReaderGone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ piece, taken: resolve });
      this.#wake.resolve();
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake.resolve();
    for (const { taken } of this.#waiting) taken();
  }

  /** The reader gets what was pushed before, then this. */
  fail(error: Error): void {
    this.#failure = error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece> {
    try {
      for (;;) {
        const next = this.#waiting.shift();
        if (next !== undefined) {
          next.taken();
          yield next.piece;
          continue;
        }
        if (this.#failure) throw this.#failure;
        if (this.#ended) return;
        await this.#wake.promise;
        this.#wake = Promise.withResolvers<void>();
      }
    } finally {
      this.#isReaderGone = true;
      for (const { taken } of this.#waiting) taken();
      this.#waiting = [];
    }
  }
}
