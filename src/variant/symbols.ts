/** The symbols that every page uses, by the names that a file of notation gives them. */

/** Hyper-parameters and data have names of their own; `theta` are the policy's parameters, `weight` the framework's. */
export const SYMBOL_NAMES = [
  'pi',
  'ref',
  'zeta',
  'pi_star',
  'theta',
  'w',
  'l',
  'y',
  'x',
  'r',
  'Z',
  'D',
  'J',
  'p',
  'sigma',
  'loss',
  'weight',
] as const;
export type SymbolName = (typeof SYMBOL_NAMES)[number];
