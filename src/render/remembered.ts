/** What is found once for each node: nodes never change, and the lines of a derivation share most of theirs. */

/** `find`, looked up where it was asked before about the very same object. */
export function remembered<K extends object, T>(find: (key: K) => T): (key: K) => T {
  const found = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    const known = found.get(key);
    if (known !== undefined) return known.value;
    const value = find(key);
    found.set(key, { value });
    return value;
  };
}
