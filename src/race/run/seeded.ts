/** A number in [0, 2³²) that depends on its arguments alone (murmur3's finaliser over a running mix). */
export function seededHash(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash ^= part;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** A new array in an order that depends on the seed alone. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, index) => ({ item, order: seededHash(seed, index) }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** Numbers in [0, 1) as Math.random gives them, the same for the same seed. */
export function seededRandom(...seed: readonly number[]): () => number {
  let drawn = 0;
  return () => seededHash(...seed, (drawn += 1)) / 2 ** 32;
}
