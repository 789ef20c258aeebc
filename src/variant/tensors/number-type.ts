/** The types of numbers in array files, each read into a double without loss; whole numbers beyond 2^53 lose digits. */

export interface NumberType {
  /** Bytes per number. */
  readonly width: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
  /** Set where a double has more digits than this type. */
  readonly narrow?: string;
}

const TYPES = {
  float64: { width: 8, read: (view, at, little) => view.getFloat64(at, little) },
  float32: { width: 4, read: (view, at, little) => view.getFloat32(at, little), narrow: 'float32' },
  float16: { width: 2, read: (view, at, little) => half(view.getUint16(at, little)), narrow: 'float16' },
  bfloat16: { width: 2, read: (view, at, little) => brain(view.getUint16(at, little)), narrow: 'bfloat16' },
  int64: { width: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  int32: { width: 4, read: (view, at, little) => view.getInt32(at, little) },
  int16: { width: 2, read: (view, at, little) => view.getInt16(at, little) },
  int8: { width: 1, read: (view, at) => view.getInt8(at) },
  uint64: { width: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  uint32: { width: 4, read: (view, at, little) => view.getUint32(at, little) },
  uint16: { width: 2, read: (view, at, little) => view.getUint16(at, little) },
  uint8: { width: 1, read: (view, at) => view.getUint8(at) },
  bool: { width: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
} as const satisfies Readonly<Record<string, NumberType>>;

export type NumberTypeName = keyof typeof TYPES;
export const numberType = (name: NumberTypeName): NumberType => TYPES[name];

/** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const WORD = new DataView(new ArrayBuffer(4));

/** The upper half of a binary32. */
function brain(bits: number): number {
  WORD.setUint32(0, bits * 0x10000);
  return WORD.getFloat32(0);
}
