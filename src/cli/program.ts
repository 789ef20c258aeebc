/** Everything that can be typed: commands, their options and their help. What they do is loaded when they are called. */

import { Command } from '@commander-js/extra-typings';
import manifest from '../../package.json' with { type: 'json' };
import { FORMATS, gather, readFormat, readWhole } from './format.ts';
import type { Outcome } from './outcome.ts';

const EPILOGUE = `
A claim is an id of the catalogue (dpo), a derivation file (./mine.yaml), a formula that begins with =
('=-log(sigmoid(beta * log(pi(w)/pi(l))))'), or - for a formula on standard input. Formulas speak of the
chosen response w and the rejected one l, of pi(y), ref(y) and len(y); other names are hyper-parameters.

Exit codes: 0 holds, 1 does not hold, 2 bad input, 3 undecided, 70 internal error.`;

const CLAIM = 'id, derivation file, =formula, or - for standard input';
const EXPRESSION = 'a claim that is a formula, after the others (repeatable)';
const ASSUME = "grant something, as in 'beta > 0', '0 < p < 1', 'n integer' (repeatable)";
const DATA = "declare data of a formula, as in 'score(y)', 'm(y,t) >= 0' (repeatable)";
const JSON_OPTION = 'one JSON document instead of text';

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** The command line. Each command hands what it comes to to `deliver`. */
export function createProgram(deliver: (outcome: Outcome) => void) {
  const program = new Command('midpo')
    .description(manifest.description)
    .version(manifest.version, '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help')
    .helpCommand('help [command]', 'help on a command')
    .showHelpAfterError('(add --help for what can be typed)')
    .exitOverride()
    .addHelpText('after', EPILOGUE);

  program
    .command('list')
    .description('the catalogue: id, title, tier and paper of every variant')
    .option('--json', JSON_OPTION)
    .addHelpText('after', examples('midpo list', 'midpo list --json'))
    .action(async (options) => deliver(await (await import('./list.ts')).list(options)));

  program
    .command('derive')
    .description('the derivation of a loss from its prior, every step with its rule and conditions')
    .argument('[claim...]', CLAIM)
    .option('-e, --expression <formula>', EXPRESSION, gather)
    .option('--assume <assumption>', ASSUME, gather)
    .option('--data <declaration>', DATA, gather)
    .option('--to <format>', `the format: ${FORMATS.join(', ')}`, readFormat, 'text')
    .option('-o, --output <file>', 'write to a file, whole or not at all')
    .addHelpText(
      'after',
      examples('midpo derive simpo', 'midpo derive simpo --to latex -o simpo.tex', 'midpo derive dpo --to json | midpo audit -'),
    )
    .action(async (claims, options) => deliver(await (await import('./derive.ts')).derive(claims, options)));

  program
    .command('check')
    .description('is a loss in the framework? Its tier, prior, conditions and witness')
    .argument('[claim...]', CLAIM)
    .option('-e, --expression <formula>', EXPRESSION, gather)
    .option('--assume <assumption>', ASSUME, gather)
    .option('--data <declaration>', DATA, gather)
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      examples(
        'midpo check r-dpo',
        "midpo check -e '-log(sigmoid(beta * (log(pi(w)/ref(w)) - log(pi(l)/ref(l))) - gamma))' --assume 'beta > 0'",
        "midpo check '=(log(pi(w)/pi(l)) - 1/(2*beta))^2' --assume 'beta > 0' --json",
      ),
    )
    .action(async (claims, options) => deliver(await (await import('./check.ts')).check(claims, options)));

  program
    .command('compare')
    .description('are two losses, or any two expressions, equal? In value, and in gradient')
    .argument('[claims...]', `two of: ${CLAIM}`)
    .option('-e, --expression <formula>', EXPRESSION, gather)
    .option('--assume <assumption>', ASSUME, gather)
    .option('--data <declaration>', DATA, gather)
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      `\nThe exit code answers for the values. A formula beside an id or a file may use the names of that one.\n${examples(
        'midpo compare dpo r-dpo',
        "midpo compare r-dpo '=-log(sigmoid(beta*(h(w)-h(l)) - alpha*(len(w)-len(l))))'",
        "midpo compare '=log(a*b)' '=log(a) + log(b)' --assume 'a > 0' --assume 'b > 0'",
      )}`,
    )
    .action(async (claims, options) => deliver(await (await import('./compare.ts')).compare(claims, options)));

  program
    .command('verify')
    .description('in numbers: closed form and gradient on random batches, and reference vectors')
    .argument('[claim...]', CLAIM)
    .option('-e, --expression <formula>', EXPRESSION, gather)
    .option('--assume <assumption>', ASSUME, gather)
    .option('--data <declaration>', DATA, gather)
    .option('--vectors <file>', 'reference vectors, a file or a name, in place of those of the derivation file')
    .option('--map <ours=theirs>', "a hyper-parameter in those of the vectors: 'gamma = beta * gamma_beta_ratio'", gather)
    .option('--map-data <ours=path>', "data by their path in the vectors: 'm(y,t) = tis_weights'", gather)
    .option('--where <name=value>', "only the cases with this setting: 'loss_type = sigmoid'", gather)
    .option('--pairs <n>', 'pairs of a random batch', readWhole(1, 10_000))
    .option('--tokens <n>', 'tokens of the longest response', readWhole(1, 1_000))
    .option('--vocab <n>', 'size of the vocabulary', readWhole(2, 1_000))
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
    .action(async (claims, options) => deliver(await (await import('./verify.ts')).verify(claims, options)));

  program
    .command('audit')
    .description('the independent checker alone, on a stored derivation')
    .argument('<trace>', 'what `midpo derive --to json` wrote, or - for standard input')
    .option('--json', JSON_OPTION)
    .addHelpText('after', examples('midpo derive dpo --to json -o dpo.json && midpo audit dpo.json', 'midpo derive dpo --to json | midpo audit -'))
    .action(async (trace, options) => deliver(await (await import('./audit.ts')).audit(trace, options)));

  return program;
}
