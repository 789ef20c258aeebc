/** The host's WebAssembly: the little of it that kernels use, typed here because the types come with browsers only. */

export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

export interface Engine {
  readonly instantiate: (
    binary: Uint8Array,
    imports: Readonly<Record<string, Readonly<Record<string, (...args: readonly number[]) => number>>>>,
  ) => Promise<{ readonly instance: { readonly exports: unknown } }>;
  /** Whether the host can run a module. */
  readonly validate: (binary: Uint8Array) => boolean;
}

export function engine(): Engine | undefined {
  return (globalThis as unknown as { readonly WebAssembly?: Engine }).WebAssembly;
}
