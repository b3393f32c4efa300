/** What a zip says of an entry besides its name and content. */
export interface ZipAttributes {
  /** Unix mode, type included; 0 where the zip was made without. */
  readonly mode: number;
  /** Checksum of the content. */
  readonly crc32: number;
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const endLength = 22;
const entryLength = 46;
const unixHost = 3;
const darwinHost = 19;

/**
 * Attributes by entry name, from the central directory (PKWARE's APPNOTE, 4.3.12 and 4.4.15): what `fflate` leaves out.
 * Zip64 is not read: a package of Lambda's size has no need of it.
 */
export function zipAttributes(zip: Uint8Array): ReadonlyMap<string, ZipAttributes> {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const found = new Map<string, ZipAttributes>();
  const end = endRecord(bytes);
  if (end < 0) return found;
  let offset = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (offset + entryLength > bytes.length || bytes.readUInt32LE(offset) !== directoryEntry) break;
    const nameLength = bytes.readUInt16LE(offset + 28);
    const nameStart = offset + entryLength;
    const utf8 = (bytes.readUInt16LE(offset + 8) & 0x800) !== 0;
    const name = bytes.toString(utf8 ? "utf8" : "latin1", nameStart, nameStart + nameLength);
    const host = bytes.readUInt8(offset + 5);
    const unix = host === unixHost || host === darwinHost;
    found.set(name, {
      mode: unix ? bytes.readUInt32LE(offset + 38) >>> 16 : 0,
      crc32: bytes.readUInt32LE(offset + 16),
    });
    offset =
      nameStart + nameLength + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32);
  }
  return found;
}

/** The last record that can be the end; a comment of up to 64 KB may follow it. */
function endRecord(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - endLength - 0xff_ff);
  for (let at = bytes.length - endLength; at >= first; at -= 1)
    if (bytes.readUInt32LE(at) === endOfDirectory) return at;
  return -1;
}

/**
 * To be called for each entry of a zip: fails where there are more than its directory has room for. The number at its
 * end may claim four billion, which would be waited for.
 */
export function entryCounter({ byteLength }: Uint8Array): () => void {
  let left = Math.floor(byteLength / entryLength);
  return () => {
    left -= 1;
    if (left < 0) throw new Error("The zip claims more entries than it has");
  };
}
