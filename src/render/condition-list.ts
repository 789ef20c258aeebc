/** Side conditions gathered: what holds for the chosen and for the rejected response alike is said once. */

import { freeNames, substitute } from '../expr/binder.ts';
import type { Expr } from '../expr/expr.ts';
import { variable } from '../expr/expr.ts';
import type { Chain } from './block.ts';
import type { Phrase } from './phrase.ts';
import { listed, maths } from './phrase.ts';
import type { Statement } from './statement.ts';
import { plainStatement } from './statement.ts';

const response = (name: string) => variable(name, 'response');
const PAIR = [response('w'), response('l')];

/** The statement about a generic response; undefined for one about both of a pair, or about none of it. */
function general(statement: Statement): Statement | undefined {
  const of = statement.filter((part): part is Expr => typeof part === 'object' && 'kind' in part);
  const found = PAIR.filter(({ name }) =>
    of.some((e) => freeNames(e).some((free) => free.kind === 'var' && free.name === name)),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  return statement.map((part) =>
    typeof part === 'object' && 'kind' in part ? substitute(part, [[only, response('y')]]) : part,
  );
}

/** Each once; those of both responses of a pair as one about any response. */
export function mergedStatements(statements: readonly Statement[]): readonly Statement[] {
  const generals = statements.map(general);
  const keys = generals.map((statement) => statement && plainStatement(statement));
  const merged = statements.map((statement, i): Statement => {
    const key = keys[i];
    const isBoth = key !== undefined && keys.filter((other) => other === key).length > 1;
    return (isBoth ? generals[i] : undefined) ?? statement;
  });
  return [...new Map(merged.map((statement) => [plainStatement(statement), statement])).values()];
}

/** Every side condition once, with the stages that use it. */
export function conditionItems(chains: readonly Chain[]): readonly Phrase[] {
  const stated = chains.flatMap(({ id, links }) => {
    const statements = links.flatMap(({ by }) => by.flatMap(({ conditions }) => conditions));
    return mergedStatements([...new Map(statements.map((s) => [plainStatement(s), s])).values()]).map(
      (statement) => ({ id, statement }),
    );
  });
  const found = new Map<string, { readonly statement: Statement; readonly stages: readonly string[] }>();
  for (const { id, statement } of stated) {
    const key = plainStatement(statement);
    const stages = found.get(key)?.stages ?? [];
    found.set(key, { statement, stages: [...stages, id] });
  }
  return [...found.values()].map(
    ({ statement, stages }): Phrase => [
      maths(...statement),
      ' in ',
      ...listed(stages.map((id): Phrase => [{ quote: id }])),
    ],
  );
}
