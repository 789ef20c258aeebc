/** Names for Python: every name a user gave becomes an identifier that shadows nothing and is there once. */

const KEYWORDS = `False None True and as assert async await break class continue def del elif else except finally for
from global if import in is lambda nonlocal not or pass raise return try while with yield match case type _`;

/** Builtins that code of ours or of a reader may want. */
const BUILTINS = `abs all any bool bytes callable chr complex dict dir divmod enumerate eval exec filter float format
frozenset getattr globals hasattr hash help hex id input int isinstance iter len list locals map max min next object
oct open ord pow print property range repr reversed round set setattr slice sorted str sum super tuple type vars zip`;

/** Modules and helpers of the code we write. */
const OURS = `torch F jax jnp np math Tensor Array NDArray annotations self trl DPOTrainer main dtype`;

const TAKEN: ReadonlySet<string> = new Set(`${KEYWORDS} ${BUILTINS} ${OURS}`.split(/\s+/));

/**
 * Letters, digits and underscores, beginning with a letter. Whatever else a name has becomes an underscore: only
 * ASCII is left, for which Python's normalisation of identifiers changes nothing. A leading underscore is ours.
 */
export function identifier(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  const begun = /^[A-Za-z]/.test(plain) ? plain : `n${plain === '' ? '' : `_${plain}`}`;
  return begun.slice(0, LONGEST);
}
const LONGEST = 40;

/** Hands out identifiers, each once. */
export interface Names {
  /** `wanted` made an identifier; with an underscore or a number after it where that is taken. */
  readonly take: (wanted: string) => string;
}

export function newNames(reserved: readonly string[] = []): Names {
  const used = new Set([...TAKEN, ...reserved]);
  return {
    take(wanted) {
      const base = identifier(wanted);
      let name = base;
      if (TAKEN.has(base)) name = `${base}_`;
      for (let k = 2; used.has(name); k++) name = `${base}_${k}`;
      used.add(name);
      return name;
    },
  };
}
