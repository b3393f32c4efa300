import { isIPv6 } from "node:net";
import type { TargetContext } from "../../service.ts";

/** The four groups in front of an IPv6 block's prefix of 64 bits or less; undefined where the text is none. */
interface Ipv6Block {
  readonly groups: readonly number[];
  readonly prefix: number;
}

export function readIpv6Block(text: string): Ipv6Block | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const prefix = Number(length);
  const isBlock = rest.length === 0 && isIPv6(address) && /^\d+$/.test(length) && prefix <= 64;
  if (!isBlock) return undefined;
  const groups = groupsOf(address);
  return groups.slice(4).some((group) => group !== 0)
    ? undefined
    : { groups: groups.slice(0, 4), prefix };
}

/** All eight, with those that `::` stands for. */
function groupsOf(address: string): number[] {
  const [left = [], right = []] = address
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const gap = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...gap, ...right].map((group) => Number.parseInt(group, 16));
}

export function containsIpv6(outer: Ipv6Block, inner: Ipv6Block): boolean {
  return inner.prefix >= outer.prefix && front(outer, outer.prefix) === front(inner, outer.prefix);
}

function front({ groups }: Ipv6Block, bits: number): bigint {
  const whole = groups.reduce((sum, group) => (sum << 16n) + BigInt(group), 0n);
  return whole >> BigInt(64 - bits);
}

/** A /56 of the range for documentation (RFC 3849), which belongs to nobody. */
export function newIpv6Block({ random }: Pick<TargetContext, "random">): string {
  const group = Math.floor(random() * 0xffff) + 1;
  const part = Math.floor(random() * 0xff) + 1;
  return `2001:db8:${group.toString(16)}:${part.toString(16)}00::/56`;
}
