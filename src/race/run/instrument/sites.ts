/** Where in the bundle something is watched; its number stands in the instrumented code. */
export class Sites {
  /** Offset in the bundle of each site. */
  readonly #offsets: number[] = [];
  readonly #numbers = new Map<number, number>();

  at(offset: number): number {
    let number = this.#numbers.get(offset);
    if (number === undefined) {
      number = this.#offsets.push(offset) - 1;
      this.#numbers.set(offset, number);
    }
    return number;
  }

  offsetOf(site: number): number | undefined {
    return this.#offsets[site];
  }
}
