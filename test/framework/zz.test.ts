import { test } from 'vitest';
import { reportMembership } from '../../src/report/membership.ts';
import { formulaClaim } from '../../src/variant/claim.ts';
import { print } from '../../src/syntax/print.ts';
import { check } from '../../src/checker/check.ts';
const H = (y: string) => `log(pi(${y})/ref(${y}))`;
const A = (y: string) => `log(pi(${y}))/len(${y})`;
const K = (y: string) => `sum(t, ${y}, kl(ref, pi, ${y}, t))`;
const U = (y: string) => `sum(t, ${y}, m(${y},t)*log(pi(${y},t)/ref(${y},t)))`;
const S = (u: string) => `-log(sigmoid(${u}))`;
const B = ['beta > 0'];
const rows: [string, string, string[], string[]][] = [
 ['dpo', S(`beta*(${H('w')}-${H('l')})`), B, []],
 ['dpo softplus', `softplus(-(beta*(${H('w')}-${H('l')})))`, B, []],
 ['rdpo', S(`beta*(${H('w')}-${H('l')})+alpha*(len(w)-len(l))`), B, []],
 ['hdpo', S(`alpha*beta*(log(pi(w))-log(pi(l)))-beta*(log(ref(w))-log(ref(l)))`), ['alpha>0',...B], []],
 ['simpo', S(`beta*(${A('w')}-${A('l')})-gamma`), B, []],
 ['cpo', S(`beta*(log(pi(w))-log(pi(l)))`), B, []],
 ['lndpo', S(`beta*(${H('w')}/len(w)-${H('l')}/len(l))`), B, []],
 ['tdpo1', S(`beta*(${H('w')}-${H('l')})-beta*(${K('l')}-${K('w')})`), B, []],
 ['tdpo2', S(`beta*(${H('w')}-${H('l')})-alpha*beta*(${K('l')}-stopgrad(${K('w')}))`), ['alpha>0',...B], []],
 ['sdpo', S(`beta*(${U('w')}-${U('l')})`), B, ['m(y,t) >= 0']],
 ['fdpo', S(`beta*(log(2*(pi(w)/ref(w))/(1+pi(w)/ref(w)))-log(2*(pi(l)/ref(l))/(1+pi(l)/ref(l))))`), B, []],
 ['dpop', S(`beta*(${H('w')}-${H('l')}-lambda*max(0,-${H('w')}))`), ['lambda>0',...B], []],
 ['odpo', S(`beta*(${H('w')}-${H('l')})-alpha*log(score(w)-score(l))`), ['alpha>0',...B], ['score(y)']],
 ['ipo', `(${H('w')}-${H('l')}-1/(2*beta))^2`, B, []],
 ['slic', `max(0,1-beta*(${H('w')}-${H('l')}))`, B, []],
 ['swapped', S(`beta*(${H('l')}-${H('w')})`), B, []],
 ['one-sided', S(`beta*${H('w')}`), B, []],
 ['margin in', S(`beta*(${H('w')}-${H('l')}-gamma)`), B, []],
 ['unknown beta', S(`beta*(${H('w')}-${H('l')})`), [], []],
 ['cdpo', `(1-e)*${S(`beta*(${H('w')}-${H('l')})`)}+e*${S(`-(beta*(${H('w')}-${H('l')}))`)}`, ['0<e<1/2',...B], []],
 ['kto', `1-sigmoid(beta*(${H('w')}-z)) + 1 - sigmoid(beta*(z-${H('l')}))`, B, []],
 ['cpo nll', `${S(`beta*(log(pi(w))-log(pi(l)))`)}-lambda*log(pi(w))`, ['lambda>0',...B], []],
 ['pair', S(`beta*(${H('w')}-${H('l')})*phi(w,l)`), B, ['phi(w,l) > 0']],
 ['pair diff', S(`beta*(${H('w')}-${H('l')})*(len(w)-len(l))`), B, []],
 ['orpo-odds', S(`log(pi(w)/(1-pi(w)))-log(pi(l)/(1-pi(l)))`), [], []],
 ['len only', S(`len(w)-len(l)`), [], []],
 ['square logit', S(`(beta*(${H('w')}-${H('l')}))^2`), B, []],
 ['modpo', S(`(beta*(${H('w')}-${H('l')})-lambda*(score(w)-score(l)))/omega`), ['lambda>0','omega>0',...B], ['score(y)']],
 ['weightfree resp', S(`len(w)*${H('w')}-len(l)*${H('l')}`), [], []],
 ['beta-1', S(`(beta-1)*(${H('w')}-${H('l')})`), [], []],
 ['beta^2', S(`beta^2*(${H('w')}-${H('l')})`), B, []],
 ['scaled', `3*${S(`beta*(${H('w')}-${H('l')})`)}`, B, []],
 ['wpo', `stopgrad(min(1, pi(w)*pi(l)))*${S(`beta*(${H('w')}-${H('l')})`)}`, B, []],
 ['tis', S(`beta*(${U('w')}-${U('l')})-beta*(sum(t,w,m(w,t)*kl(pi,ref,w,t))-sum(t,l,m(l,t)*kl(pi,ref,l,t)))`), B, ['m(y,t) >= 0']],
];
test('probe', () => {
  for (const [n, f, assume, data] of rows) {
    const v = formulaClaim(f, { assume, data });
    if (v.kind !== 'variant') { console.log(n, JSON.stringify(v, (k, x) => typeof x === 'bigint' ? `${x}` : x)); continue; }
    const t0 = performance.now();
    const r = reportMembership(v); const m = r.membership;
    const fault = r.derivation?.verdict.kind === 'refused' ? r.derivation.verdict.fault : undefined;
    console.log(`${n}: ${m.tier}/${m.gradientTier} out=${m.outside?.why} cert=${r.identity?.verdict.kind} der=${r.derivation?.verdict.kind} ${fault ? `${fault.stage}.${fault.step} ${fault.reason.kind}` : ''} ${Math.round(performance.now() - t0)}ms`,
      m.prior?.kind === 'one' ? `w=${print(m.prior.prior.weight)} zeta=${print(m.prior.prior.zeta)} proper=${m.prior.proper}` : m.prior ? `w=${print(m.prior.chosen.weight)} zc=${print(m.prior.chosen.zeta)} zr=${print(m.prior.rejected.zeta)}` : '',
      'cond', m.conditions.map((c) => `${c.tier} when ${c.when.kind === 'positive' ? `${print(c.when.of)}>0` : c.when.alternatives.map((a) => JSON.stringify(a, (k, x) => typeof x === 'bigint' ? `${x}` : x && x.kind && ['num','sym','apply','add','mul','pow','call','sum'].includes(x.kind) ? print(x) : x)).join(' | ')}`).join('; '), 'und', m.undecided.join(), m.witness ? 'witness' : '');
  }
});
