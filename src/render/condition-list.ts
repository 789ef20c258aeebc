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

const distinct = (statements: readonly Statement[]): readonly Statement[] => [
  ...new Map(statements.map((statement) => [plainStatement(statement), statement])).values(),
];

/** Each once; those of both responses of a pair, or of one and of any, as one about any response. */
export const mergedStatements = (statements: readonly Statement[]): readonly Statement[] =>
  distinct(distinct(statements).map(mergedAmong(statements)));

/** What stands in the list for a statement, where it is said of other responses too. */
function mergedAmong(statements: readonly Statement[]): (statement: Statement) => Statement {
  const said = distinct(statements).map((statement) => plainStatement(general(statement) ?? statement));
  const often = new Set(said.filter((key, i) => said.indexOf(key) !== i));
  return (statement) => {
    const wider = general(statement);
    return wider !== undefined && often.has(plainStatement(wider)) ? wider : statement;
  };
}

/** Every side condition once, with the stages that use it. */
export function conditionItems(chains: readonly Chain[]): readonly Phrase[] {
  const asked = chains.map(({ id, links }) => ({
    id,
    statements: links.flatMap(({ by }) => by.flatMap(({ conditions }) => conditions)),
  }));
  const merged = mergedAmong(asked.flatMap(({ statements }) => statements));
  const stated = asked.flatMap(({ id, statements }) =>
    distinct(statements.map(merged)).map((statement) => ({ id, statement })),
  );
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
