/** Unpacking the pages of Parquet files: whatever the codec, to as many bytes as the page announces and no more. */

import * as zlib from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { lz4Length, lz4Parts } from './lz4.ts';

/** Gives the bytes of a page that says it unpacks to `length`; throws an Error for what does not. */
type Unpack = (input: Uint8Array, length: number) => Uint8Array;
type Codec = 'SNAPPY' | 'GZIP' | 'BROTLI' | 'ZSTD' | 'LZ4' | 'LZ4_RAW';

/** The library for a codec is loaded when a file asks for it. gzip and Brotli are the runtime's own. */
const LOADERS: Readonly<Record<Codec, () => Promise<Unpack>>> = {
  async SNAPPY() {
    const { snappyUncompress } = await import('hyparquet');
    return (input, length) => {
      if (snappyLength(input) !== length) return wrongLength(snappyLength(input), length);
      const output = new Uint8Array(length);
      snappyUncompress(input, output);
      return output;
    };
  },
  // The format allows zlib's header in place of gzip's.
  GZIP: async () => (input, length) => zlib.unzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: async () => (input, length) =>
    zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  async ZSTD() {
    const { decompressZstd } = await import('hyparquet-compressors');
    return (input, length) => {
      const { window, content } = zstdFrame(input);
      if (window > LARGEST_WINDOW || (content ?? 0) > length) return wrongLength(content ?? window, length);
      return decompressZstd(input);
    };
  },
  async LZ4() {
    const raw = await LOADERS.LZ4_RAW();
    return (input, length) => {
      const parts = lz4Parts(input, length);
      return parts === undefined
        ? raw(input, length)
        : Buffer.concat(parts.map((part) => raw(part.input, part.length)));
    };
  },
  async LZ4_RAW() {
    const { decompressLz4Raw } = await import('hyparquet-compressors');
    return (input, length) => {
      const found = lz4Length(input);
      return found === length ? decompressLz4Raw(input, length) : wrongLength(found, length);
    };
  },
};

const isCodec = (name: string): name is Codec => Object.hasOwn(LOADERS, name);

/** Whether pages packed so can be read at all. */
export const isReadable = (codec: string): boolean => codec === 'UNCOMPRESSED' || isCodec(codec);

/** What unpacks pages of these codecs. */
export async function unpackersOf(codecs: Iterable<string>): Promise<Compressors> {
  const wanted = [...new Set(codecs)].filter(isCodec);
  const made = wanted.map(async (codec) => [codec, exactly(await LOADERS[codec]())] as const);
  return Object.fromEntries(await Promise.all(made));
}

const exactly =
  (unpack: Unpack): Unpack =>
  (input, length) => {
    const output = unpack(input, length);
    return output.length === length ? output : wrongLength(output.length, length);
  };

function wrongLength(found: number, wanted: number): never {
  throw new RangeError(`a page of ${wanted} bytes unpacks to ${found}`);
}

/** The length that begins a block of Snappy, seven bits to a byte. */
function snappyLength(input: Uint8Array): number {
  let length = 0;
  for (const [i, byte] of input.subarray(0, 5).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  return Number.NaN;
}

/** What a decoder keeps of what it has unpacked: 128 MiB, the most that the command `zstd` takes unasked. */
const LARGEST_WINDOW = 1 << 27;
const ZSTD_MAGIC = 0xfd2fb528;

/** What the first frame of Zstandard announces; the size of its content need not be there. (RFC 8878, 3.1.1.1) */
function zstdFrame(input: Uint8Array): { readonly window: number; readonly content: number | undefined } {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (view.getUint32(0, true) !== ZSTD_MAGIC) throw new RangeError('no Zstandard frame');
  const flags = view.getUint8(4);
  const single = (flags & 0x20) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const at = (single ? 5 : 6) + ([0, 1, 2, 4][flags & 3] ?? 0);
  let content = sizeBytes === 2 ? 256 : 0;
  for (let i = 0; i < sizeBytes; i++) content += view.getUint8(at + i) * 2 ** (8 * i);
  if (single) return { window: content, content };
  const descriptor = view.getUint8(5);
  const base = 2 ** (10 + (descriptor >> 3));
  const window = base + (base / 8) * (descriptor & 7);
  return { window, content: sizeBytes === 0 ? undefined : content };
}
