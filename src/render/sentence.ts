/** One sentence for each kind of a union: the compiler demands them all. */

import { plainText } from './escape.ts';

interface Kinded {
  readonly kind: string;
}
type Of<F extends Kinded, K extends F['kind']> = Extract<F, { readonly kind: K }>;

/** For each kind of fault what it says; `Said` is text, or a phrase where formulas occur. */
export type Sentences<F extends Kinded, Said = string> = {
  readonly [K in F['kind']]: (fault: Of<F, K>) => Said;
};

/** The sentence for one fault. */
export const say = <F extends Kinded, Said>(sentences: Sentences<F, Said>, fault: F): Said =>
  sayKind<F, F['kind'], Said>(sentences, fault as Of<F, F['kind']>);

function sayKind<F extends Kinded, K extends F['kind'], Said>(
  sentences: Sentences<F, Said>,
  fault: Of<F, K>,
): Said {
  const sentence: (fault: Of<F, K>) => Said = sentences[fault.kind as K];
  return sentence(fault);
}

const LONGEST = 80;

/** Text of a file or a name as it stands there, cut to what a sentence bears. */
export function code(text: string): string {
  const plain = plainText(text);
  return `\`${plain.length > LONGEST ? `${plain.slice(0, LONGEST - 3)}...` : plain}\``;
}
