/**
 * Zip archives, read by their directory: members that are not packed are read where they stand, packed ones are
 * unpacked when they are asked for, and both are held against their checksums. (PKWARE, APPNOTE 6.3, sections 4.3-4.5)
 */

import * as zlib from 'node:zlib';
import type { Bytes } from './bytes.ts';
import { bytesOnceAsked } from './bytes.ts';
import { crc32 } from './checksum.ts';
import { refuseTensor } from './fault.ts';

/** The most bytes that the members of one archive are unpacked to, and the most of its directory. */
const MOST_UNPACKED = 1 << 30;
const LONGEST_DIRECTORY = 1 << 24;
/** The end of the directory: fixed fields, then a comment of at most 2^16 - 1 bytes. */
const END = { magic: 0x06054b50, length: 22, comment: 0xffff } as const;
const END_64 = { magic: 0x06064b50, length: 56 } as const;
const LOCATOR_64 = { magic: 0x07064b50, length: 20 } as const;
const ENTRY = { magic: 0x02014b50, length: 46 } as const;
const LOCAL = { magic: 0x04034b50, length: 30 } as const;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** Stands in fields of 32 bits whose number is among the extra fields, of which this is the tag. */
const ELSEWHERE = 0xffffffff;
const EXTRA_64 = 1;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where the member's own header stands. */
  readonly at: number;
}

/** The members of an archive by name. Nothing is unpacked; what a member is refused for, it is when it is read. */
export function membersOf(archive: Bytes): ReadonlyMap<string, Bytes> {
  const { at, length } = directoryOf(archive);
  if (length > LONGEST_DIRECTORY) {
    refuseTensor({ kind: 'too-much', what: 'the directory', found: length, limit: LONGEST_DIRECTORY });
  }
  const budget = { left: MOST_UNPACKED };
  const members = new Map<string, Bytes>();
  for (const entry of entriesIn(archive.read(at, length, 'the directory'))) {
    if (members.has(entry.name)) refuseTensor({ kind: 'same-column', column: entry.name });
    members.set(entry.name, memberOf(archive, entry, budget));
  }
  return members;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const long = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** Found from the end of the file, where a truncated archive has none. */
function directoryOf(archive: Bytes): { readonly at: number; readonly length: number } {
  const { size } = archive;
  const reach = Math.min(size, END.length + END.comment);
  const tail = viewOf(archive.read(size - reach, reach, 'the directory'));
  let end = reach - END.length;
  while (end >= 0 && tail.getUint32(end, true) !== END.magic) end -= 1;
  if (end < 0) {
    return refuseTensor({ kind: 'truncated', what: 'the directory', wanted: size + END.length, size });
  }
  const [length, at] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (at !== ELSEWHERE && length !== ELSEWHERE) return { at, length };
  const locator = viewOf(
    archive.read(size - reach + end - LOCATOR_64.length, LOCATOR_64.length, 'the directory'),
  );
  const wide = viewOf(archive.read(long(locator, 8), END_64.length, 'the directory'));
  if (locator.getUint32(0, true) !== LOCATOR_64.magic || wide.getUint32(0, true) !== END_64.magic) {
    return refuseTensor({ kind: 'bad-header', format: '.npz', at: 'directory', found: 'no ZIP64 record' });
  }
  return { at: long(wide, 48), length: long(wide, 40) };
}

function* entriesIn(directory: Uint8Array): Generator<Entry> {
  const view = viewOf(directory);
  for (let at = 0; at < directory.length; ) {
    const lengths = at + ENTRY.length > directory.length ? [] : [28, 30, 32];
    const [name = 0, extra = 0, comment = 0] = lengths.map((field) => view.getUint16(at + field, true));
    const start = at + ENTRY.length;
    const next = start + name + extra + comment;
    if (lengths.length === 0 || view.getUint32(at, true) !== ENTRY.magic || next > directory.length) {
      return refuseTensor({ kind: 'bad-header', format: '.npz', at: 'directory', found: `byte ${at}` });
    }
    const narrow = [24, 20, 42].map((field) => view.getUint32(at + field, true));
    const more = longNumbers(view, start + name, start + name + extra);
    const [size = 0, packed = 0, header = 0] = narrow.map((n) =>
      n === ELSEWHERE ? (more.next().value ?? n) : n,
    );
    yield {
      name: Buffer.from(directory.subarray(start, start + name)).toString('utf8'),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & ENCRYPTED) !== 0,
      crc: view.getUint32(at + 16, true),
      packed,
      size,
      at: header,
    };
    at = next;
  }
}

/** The numbers of 64 bits among the extra fields of an entry: those that do not fit where they belong, in order. */
function* longNumbers(view: DataView, from: number, until: number): Generator<number, undefined> {
  for (let at = from; at + 4 <= until; ) {
    const [tag, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const end = Math.min(until, at + 4 + length);
    if (tag === EXTRA_64) for (let k = at + 4; k + 8 <= end; k += 8) yield long(view, k);
    at = end;
  }
  return undefined;
}

function memberOf(archive: Bytes, entry: Entry, budget: { left: number }): Bytes {
  const { name, method, encrypted, size } = entry;
  if (encrypted || (method !== STORED && method !== DEFLATED)) {
    const codec = encrypted ? 'encryption' : `method ${method}`;
    const refuse = (): never =>
      refuseTensor({ kind: 'unsupported-codec', format: '.npz', column: name, codec });
    return { size, read: refuse };
  }
  return method === STORED ? storedMember(archive, entry) : packedMember(archive, entry, budget);
}

/** Where the bytes of a member begin, after its own header. */
function startOf(archive: Bytes, { name, at }: Entry): number {
  const local = viewOf(archive.read(at, LOCAL.length, name));
  if (local.getUint32(0, true) !== LOCAL.magic) {
    return refuseTensor({
      kind: 'bad-header',
      format: '.npz',
      at: name,
      found: 'no member where it should be',
    });
  }
  return at + LOCAL.length + local.getUint16(26, true) + local.getUint16(28, true);
}

/** Bytes of which a checksum is taken at a time. */
const STRETCH = 1 << 24;

function storedMember(archive: Bytes, entry: Entry): Bytes {
  const { name, size } = entry;
  return {
    size,
    read(at, length, what) {
      if (at + length > size) return refuseTensor({ kind: 'truncated', what, wanted: at + length, size });
      return archive.read(startOf(archive, entry) + at, length, what);
    },
    check() {
      const start = startOf(archive, entry);
      let crc = 0;
      for (let at = 0; at < size; at += STRETCH) {
        crc = crc32(archive.read(start + at, Math.min(STRETCH, size - at), name), crc);
      }
      if (crc !== entry.crc) refuseTensor({ kind: 'wrong-checksum', format: '.npz', part: name });
    },
  };
}

/** Packed bytes that mostly hold the header of an array, and unpack to a few megabytes at worst. */
const BEGINNING = 1 << 12;

/** What the directory announces is taken off the budget before anything is unpacked, and is the most there will be. */
function packedMember(archive: Bytes, entry: Entry, budget: { left: number }): Bytes {
  const { name, size, packed } = entry;
  const unpack = (length: number, options: zlib.ZlibOptions): Uint8Array => {
    const raw = archive.read(startOf(archive, entry), length, name);
    try {
      return zlib.inflateRawSync(raw, options);
    } catch (error) {
      const says = error instanceof Error ? `${name}: ${error.message}` : name;
      return refuseTensor({ kind: 'damaged', format: '.npz', says });
    }
  };
  const whole = bytesOnceAsked(size, () => {
    if (size > budget.left) {
      const found = MOST_UNPACKED - budget.left + size;
      return refuseTensor({ kind: 'too-much', what: 'its content', found, limit: MOST_UNPACKED });
    }
    budget.left -= size;
    const bytes = unpack(packed, { maxOutputLength: Math.max(1, size) });
    const good = bytes.length === size && crc32(bytes) === entry.crc;
    return good ? bytes : refuseTensor({ kind: 'wrong-checksum', format: '.npz', part: name });
  });
  let beginning: Uint8Array | undefined;
  return {
    size,
    read(at, length, what) {
      beginning ??= unpack(Math.min(packed, BEGINNING), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
      return at + length <= Math.min(size, beginning.length)
        ? beginning.subarray(at, at + length)
        : whole.read(at, length, what);
    },
    check() {
      whole.read(0, 0, name);
    },
  };
}
