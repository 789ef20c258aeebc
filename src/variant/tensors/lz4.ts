/** How long blocks of LZ4 are when unpacked: found by walking through them, before anything is allocated. */

/** A stretch of a page and what it unpacks to. */
export interface Lz4Part {
  readonly input: Uint8Array;
  readonly length: number;
}

/** The bytes that a raw block unpacks to; NaN where it ends in the middle. (lz4_Block_format.md) */
export function lz4Length(input: Uint8Array): number {
  let at = 0;
  let total = 0;
  /** A count of which `first` is the part in the token: 15 says that bytes follow, and 255 that more do. */
  const counted = (first: number): number => {
    let count = first;
    for (let byte = first === 15 ? 255 : 0; byte === 255; ) {
      byte = input[at++] ?? Number.NaN;
      count += byte;
    }
    return count;
  };
  while (at < input.length) {
    const token = input[at++] ?? Number.NaN;
    const literals = counted(token >> 4);
    at += literals;
    total += literals;
    if (at === input.length) return total;
    // The distance back, then how many bytes to copy from there, at least four.
    at += 2;
    if (!(at <= input.length)) return Number.NaN;
    total += counted(token & 15) + 4;
  }
  return input.length === 0 ? 0 : Number.NaN;
}

/** Bytes before each block where Hadoop wrote it: how long it is unpacked and packed, the larger end first. */
const HEAD = 8;

/** The blocks of a page that Hadoop wrote; undefined where the page is none such of this length. */
export function lz4Parts(input: Uint8Array, length: number): readonly Lz4Part[] | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const parts: Lz4Part[] = [];
  let total = 0;
  for (let at = 0; at < input.length; ) {
    if (at + HEAD > input.length) return undefined;
    const [unpacked, packed] = [view.getUint32(at), view.getUint32(at + 4)];
    const end = at + HEAD + packed;
    if (end > input.length) return undefined;
    parts.push({ input: input.subarray(at + HEAD, end), length: unpacked });
    total += unpacked;
    at = end;
  }
  return total === length ? parts : undefined;
}
