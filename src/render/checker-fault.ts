/** Why the independent checker refused a trace, in a sentence that names stage, step and formulas. */

import type { DefinitionFlaw, Fault, Reason } from '../checker/fault.ts';
import { lettered } from './moves.ts';
import type { Phrase } from './phrase.ts';
import { maths } from './phrase.ts';
import type { Sentences } from './sentence.ts';
import { say } from './sentence.ts';
import { conditionStatement, factStatement } from './statement.ts';

const FLAWS: Readonly<Record<DefinitionFlaw, string>> = {
  'not-a-datum': 'its left side is not a name with arguments',
  'declared-already': 'it would fix what already has a meaning',
  'repeated-argument': 'its arguments are not distinct variables',
  'free-variable': 'its right side mentions what its left side does not bind',
  circular: 'it rests on itself',
  overlap: 'the same name is defined twice',
  domain: 'its right side does not follow to be in the domain of its left side',
};

const FORMS: Readonly<Record<Extract<Reason, { readonly kind: 'ill-formed' }>['why'], string>> = {
  'undeclared-data': 'these data are not declared',
  'wrong-arguments': 'these data do not take such arguments',
  'unbound-index': 'an index is bound by no sum',
  'bad-name': 'a name is made of letters, digits and underscores, and begins with a letter',
  metavariable: 'a metavariable has no place in a formula',
};

const REASONS: Sentences<Reason, Phrase> = {
  'empty-trace': () => ['it has no stages, so it shows nothing'],
  'digest-mismatch': () => ['its content is not what was stored: the digest does not fit'],
  'duplicate-id': ({ id }) => ['the name ', { quote: id }, ' is given to two things'],
  'too-deep': () => ['an expression in it is nested too deeply to be judged'],
  'bad-definition': ({ id, why, of }) =>
    of === undefined
      ? ['the definition ', { quote: id }, ` is not one: ${FLAWS[why]}`]
      : [
          { maths: factStatement({ kind: 'positive', of: lettered(of, []) }) },
          ' is not proved: it does not follow from what is declared, and the definition ',
          { quote: id },
          ' needs it',
        ],
  'ill-formed': ({ part, why }) => [maths(part), ` is not a formula: ${FORMS[why]}`],
  'unknown-stage': ({ id }) => ['it continues the stage ', { quote: id }, ', which does not come before it'],
  'broken-chain': ({ from, expected, found }) => [
    'it continues stage ',
    { quote: from },
    ', which ends with ',
    maths(expected),
    ', but starts with ',
    maths(found),
  ],
  'unknown-rule': ({ rule }) => ['there is no rule, definition or earlier stage ', { quote: rule }],
  'not-in-use': ({ rule }) => ['the stage does not list ', { quote: rule }, ' among what it uses'],
  'outside-expression': () => ['the place to rewrite is outside the formula'],
  'unbound-metavariable': ({ rule }) => [
    'the step does not say what the letters of ',
    { quote: rule },
    ' stand for',
  ],
  'needless-binding': ({ name }) => ['the step binds ', { quote: name }, ', which the rule does not have'],
  'condition-not-met': ({ condition }) => {
    const statement = conditionStatement(condition);
    if (condition.kind === 'constant') return ['the policy enters ', maths(condition.of)];
    if (condition.kind === 'prompt-free') return ['the prompt enters ', maths(condition.of)];
    return statement === undefined
      ? ['an index occurs where it must not: in ', maths(condition.of)]
      : ['the condition ', { maths: statement }, ' does not follow from what is declared'];
  },
  'does-not-match': ({ expected, found }) => [
    'the rule needs ',
    maths(expected),
    ' but finds ',
    maths(found),
  ],
  'wrong-result': ({ expected, found }) => ['the step gives ', maths(expected), ', not ', maths(found)],
  'algebra-fails': ({ before, after }) => [maths(before), ' and ', maths(after), ' are not equal by algebra'],
  'index-captured': ({ index }) => ['the index ', { quote: index }, ' would be captured'],
  'lemma-in-equation': ({ rule }) => [
    'the lemma ',
    { rule },
    ' gives an inequality, and the stage claims an equation',
  ],
  'wrong-direction': ({ rule }) => [
    'the lemma ',
    { rule },
    ' is used where it would move the whole the other way',
  ],
  'value-in-gradient': ({ rule }) => [{ rule }, ' is an equation of values, and is used inside a gradient'],
  'goal-not-reached': ({ reached, goal }) => [
    'its steps end with ',
    maths(reached),
    ' instead of ',
    maths(goal),
  ],
};

/** What is said first of a derivation that the independent checker refused. */
export const refusedPhrase = (fault: Fault): Phrase => [
  'Not established. The independent checker refused this derivation: ',
  ...refusalPhrase(fault),
  '.',
];

/** Where and why; steps are counted from 1. Without a full stop. */
export function refusalPhrase({ stage, step, reason }: Fault): Phrase {
  const place: Phrase =
    stage === undefined
      ? []
      : ['at stage ', { quote: stage }, step === undefined ? ', ' : `, step ${step + 1}, `];
  return [...place, ...say(REASONS, reason)];
}
