/** Where a text stops being JSON: JSON.parse says so in words that differ from engine to engine. */

const BLANK = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What may come next. */
type Wanted = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/** The offset of the first character that cannot stand where it stands; undefined if the text is JSON. */
export function findJsonFault(text: string): number | undefined {
  const open: ('[' | '{')[] = [];
  let wanted: Wanted = 'value';
  let here = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = here;
    if (!pattern.test(text)) return false;
    here = pattern.lastIndex;
    return true;
  };
  /** Goes past a string, or to what is wrong with it. A loop: strings may be longer than a pattern can take. */
  const skipString = (): boolean => {
    if (text.charAt(here) !== '"') return false;
    here++;
    while (text.charAt(here) !== '"') {
      if (text.charAt(here) === '\\') {
        if (!skip(ESCAPE)) return false;
      } else if (here < text.length && text.charCodeAt(here) >= 0x20) here++;
      else return false;
    }
    here++;
    return true;
  };
  for (;;) {
    skip(BLANK);
    const within = open.at(-1);
    const char = text.charAt(here);
    if (wanted === 'comma-or-end' && within === undefined) return here === text.length ? undefined : here;
    if (wanted.endsWith('-or-end') && char === (within === '[' ? ']' : '}')) {
      open.pop();
      here++;
      wanted = 'comma-or-end';
    } else if (wanted === 'comma-or-end' || wanted === 'colon') {
      if (char !== (wanted === 'colon' ? ':' : ',')) return here;
      here++;
      wanted = wanted === 'colon' || within === '[' ? 'value' : 'key';
    } else if (wanted.startsWith('key')) {
      if (!skipString()) return here;
      wanted = 'colon';
    } else if (char === '[' || char === '{') {
      open.push(char);
      here++;
      wanted = char === '[' ? 'value-or-end' : 'key-or-end';
    } else {
      if (!skipString() && !skip(ATOM)) return here;
      wanted = 'comma-or-end';
    }
  }
}
