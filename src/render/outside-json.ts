/** What a loss outside the framework is made of, as JSON. */

import type { Expr } from '../expr/expr.ts';
import type { Standing } from '../framework/logit.ts';
import type { Nearest } from '../framework/nearest.ts';
import type { Outside } from '../framework/outside.ts';
import { print } from '../syntax/print.ts';
import type { Json } from '../trace/json.ts';
import { NEAREST_SAYS } from './outside-text.ts';

const formula = (e: Expr | undefined): Json => (e === undefined ? null : print(e));

/** `function` is the link in `argument`; `logit` is what stands there, with the tier it has under the logistic link. */
export function outsideJson(outside: Outside): Json {
  const { why, residual, link, inner, members, rest, terms, nearest } = outside;
  return {
    why,
    residual: formula(residual),
    link: link?.name ?? null,
    function: formula(link?.formula),
    argument: link?.argument.name ?? null,
    decreasing: link?.decreasing.answer ?? null,
    convex: link?.convex.answer ?? null,
    ...innerJson(inner),
    members: members.map(({ weight, logit }) => ({ weight: print(weight), logit: print(logit) })),
    rest: formula(rest),
    terms: terms === undefined ? null : { chosen: print(terms.chosen), rejected: print(terms.rejected) },
    nearest: nearest === undefined ? null : NEAREST_SAYS[nearest.kind],
    change: nearest === undefined ? null : changeJson(nearest),
  };
}

function innerJson(inner: Standing | undefined) {
  const prior = inner?.prior?.kind === 'one' ? inner.prior.prior : inner?.prior?.chosen;
  return { logit: formula(inner?.logit), tier: inner?.tier ?? null, zeta: formula(prior?.zeta) };
}

const changeJson = ({ kind, drop, logit, tier }: Nearest): Json => ({
  kind,
  drop: formula(drop),
  logit: print(logit),
  tier,
});
