/** An IPv4 block: the number of its first address, and the length of its prefix. */
export interface Block {
  readonly base: number;
  readonly prefix: number;
}

const pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** undefined when the text is no IPv4 block. Bits below the prefix are cleared, as EC2 does. */
export function readBlock(text: string): Block | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const base = octets.reduce((number, octet) => number * 256 + octet, 0);
  return { base: base - (base % size), prefix };
}

/** For text that was checked before. */
export function parseBlock(text: string): Block {
  const block = readBlock(text);
  if (!block) throw new TypeError(`not an IPv4 block: ${text}`);
  return block;
}

export function blockSize(block: Block): number {
  return 2 ** (32 - block.prefix);
}

export function addressAt(block: Block, offset: number): string {
  const number = block.base + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

export function blockText(block: Block): string {
  return `${addressAt(block, 0)}/${block.prefix}`;
}

export function contains(outer: Block, inner: Block): boolean {
  return inner.base >= outer.base && inner.base + blockSize(inner) <= outer.base + blockSize(outer);
}

export function overlaps(one: Block, other: Block): boolean {
  return one.base < other.base + blockSize(other) && other.base < one.base + blockSize(one);
}
