import { validationError } from "./template.ts";

/** `Fn::Cidr`: `count` blocks of 2^`bits` addresses each, from the start of `block`. IPv4 and IPv6. */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const { start, prefix, width } = parseBlock(block);
  checkCounts(count, bits);
  const size = 1n << BigInt(bits);
  if (BigInt(count) * size > 1n << BigInt(width - prefix)) {
    throw validationError(
      `Template error: Fn::Cidr: ${count} blocks of ${bits} bits do not fit into ${block}`,
    );
  }
  const base = (start >> BigInt(width - prefix)) << BigInt(width - prefix);
  const format = width === 128 ? formatIpv6 : formatIpv4;
  return Array.from({ length: count }, (_, index) => {
    const from = base + BigInt(index) * size;
    return `${format(from)}/${width - bits}`;
  });
}

interface Block {
  readonly start: bigint;
  readonly prefix: number;
  readonly width: 32 | 128;
}

function parseBlock(block: string): Block {
  const [address = "", prefixText = ""] = block.split("/");
  const width = address.includes(":") ? 128 : 32;
  const prefix = Number(prefixText);
  const start = width === 128 ? parseIpv6(address) : parseIpv4(address);
  if (start === undefined || !/^\d+$/.test(prefixText) || prefix > width) {
    throw validationError(`Template error: Fn::Cidr: ${block} is not a valid CIDR block`);
  }
  return { start, prefix, width };
}

function checkCounts(count: number, bits: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= 256 && Number.isInteger(bits) && bits >= 1)
    return;
  throw validationError(
    "Template error: every Fn::Cidr object requires a count from 1 to 256 and cidrBits of 1 or more",
  );
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".").map(Number);
  if (
    parts.length !== 4 ||
    parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)
  ) {
    return undefined;
  }
  return parts.reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(gap, 0) }, () => "0"), ...right];
  if (groups.length !== 8 || groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group)))
    return undefined;
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return groups.join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
}
