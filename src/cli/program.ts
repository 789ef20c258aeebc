/** Everything that can be typed: commands, their options and their help. What they do is loaded when they are called. */

import { Command } from '@commander-js/extra-typings';
import manifest from '../../package.json' with { type: 'json' };
import { FORMATS, gather, readFormat, readWhole } from './format.ts';
import type { Outcome } from './outcome.ts';

const CLAIM = 'id of the catalogue, derivation file, =formula, or - (a formula on standard input)';
const JSON_OPTION = 'one JSON document instead of text';
/** The largest random batches. */
const MOST = { pairs: 1_000_000_000, tokens: 1_000, vocabulary: 1_000 } as const;

const EPILOGUE = `
A claim is an id of the catalogue (dpo), a derivation file (./mine.yaml), or a
formula that begins with =, as in '=-log(sigmoid(beta * log(pi(w)/pi(l))))'; -
reads a formula from standard input. Formulas speak of the chosen response w and
the rejected one l, of pi(y), ref(y) and len(y); other names are
hyper-parameters.

Exit codes: 0 holds, 1 does not hold, 2 bad input, 3 undecided,
70 internal error.`;

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** The command line. Each command hands what it comes to to `deliver`. */
export function createProgram(deliver: (outcome: Outcome) => void) {
  const program = new Command('midpo')
    .description(manifest.description)
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .addHelpText('after', EPILOGUE);

  /** A command that takes claims, and what may be said of them. */
  const claimCommand = (name: string, says: string) =>
    new Command(name)
      .copyInheritedSettings(program)
      .description(says)
      .argument('[claims...]', CLAIM)
      .option(
        '-e, --expression <formula>',
        'a claim that is a formula, after the others (repeatable)',
        gather,
      )
      .option('--assume <fact>', "grant 'beta > 0', '0 < p < 1' or 'n integer' (repeatable)", gather)
      .option('--data <head>', "declare data of formulas: 'score(y)', 'm(y,t) >= 0' (repeatable)", gather);

  program
    .command('list')
    .description('the catalogue: id, title, tier and paper of every variant')
    .option('--json', JSON_OPTION)
    .addHelpText('after', examples('midpo list', 'midpo list --json'))
    .action(async (options) => deliver(await (await import('./list.ts')).list(options)));

  program.addCommand(
    claimCommand('derive', 'derive a loss from its prior, every step with its rule and conditions')
      .usage('[options] <claim>')
      .option('--to <format>', `${FORMATS.slice(0, -1).join(', ')} or ${FORMATS.at(-1)}`, readFormat, 'text')
      .option('-o, --output <file>', 'write to a file, whole or not at all')
      .addHelpText(
        'after',
        examples(
          'midpo derive simpo',
          'midpo derive simpo --to latex -o simpo.tex',
          'midpo derive dpo --to json | midpo audit -',
        ),
      )
      .action(async (claims, options) =>
        deliver(await (await import('./derive.ts')).derive(claims, options)),
      ),
  );

  program.addCommand(
    claimCommand('check', 'is a loss in the framework? Its tier, prior, conditions and witness')
      .usage('[options] <claim>')
      .option('--json', JSON_OPTION)
      .addHelpText(
        'after',
        examples(
          'midpo check r-dpo',
          "midpo check -e '-log(sigmoid(beta * log(pi(w)/pi(l)) - gamma))' --assume 'beta > 0'",
          "midpo check '=(log(pi(w)/pi(l)) - 1/(2*beta))^2' --json",
        ),
      )
      .action(async (claims, options) => deliver(await (await import('./check.ts')).check(claims, options))),
  );

  program.addCommand(
    claimCommand('compare', 'are two losses, or any two expressions, equal? In value, and in gradient')
      .usage('[options] <claim> <claim>')
      .option('--json', JSON_OPTION)
      .addHelpText(
        'after',
        `\nA formula beside an id or a file may use the names of that one. The exit code\nanswers for the values, not for the gradients.\n${examples(
          'midpo compare dpo r-dpo',
          "midpo compare r-dpo '=-log(sigmoid(beta*(h(w)-h(l)) - alpha*(len(w)-len(l))))'",
          "midpo compare '=log(a*b)' '=log(a) + log(b)' --assume 'a > 0' --assume 'b > 0'",
        )}`,
      )
      .action(async (claims, options) =>
        deliver(await (await import('./compare.ts')).compare(claims, options)),
      ),
  );

  program.addCommand(
    claimCommand('verify', 'does a loss hold in numbers? Random batches and reference vectors')
      .usage('[options] <claim>')
      .option('--vectors <file>', 'reference vectors, a path or a name, instead of those of the claim')
      .option('--map <pair>', "ours in theirs: 'gamma = beta * gamma_beta_ratio' (repeatable)", gather)
      .option('--map-data <pair>', "data in the vectors: 'm(y,t) = tis_weights' (repeatable)", gather)
      .option('--where <pair>', "only such cases: 'loss_type = sigmoid' (repeatable)", gather)
      .option('--pairs <n>', 'random pairs in all', readWhole(1, MOST.pairs))
      .option('--tokens <n>', 'tokens of the longest response', readWhole(1, MOST.tokens))
      .option('--vocab <n>', 'size of the vocabulary', readWhole(2, MOST.vocabulary))
      .option('--seed <n>', 'seed of everything random', readWhole(0, Number.MAX_SAFE_INTEGER))
      .option('--json', JSON_OPTION)
      .addHelpText(
        'after',
        examples(
          'midpo verify simpo',
          'midpo verify dpo --pairs 1000 --seed 7',
          "midpo verify simpo --vectors simpo --where 'loss_type = sigmoid' --map 'gamma = beta * gamma_beta_ratio'",
        ),
      )
      .action(async (claims, options) =>
        deliver(await (await import('./verify.ts')).verify(claims, options)),
      ),
  );

  program
    .command('audit')
    .description('let the independent checker judge a stored derivation')
    .argument('<trace>', 'what `midpo derive --to json` wrote, or - for standard input')
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      examples('midpo derive dpo --to json -o dpo.json', 'midpo audit dpo.json', 'midpo audit - < dpo.json'),
    )
    .action(async (trace, options) => deliver(await (await import('./audit.ts')).audit(trace, options)));

  return program;
}
