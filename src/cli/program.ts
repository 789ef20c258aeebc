/** Everything that can be typed: commands, their options and their help. What they do is loaded when they are called. */

import { Command, Option } from '@commander-js/extra-typings';
import manifest from '../../package.json' with { type: 'json' };
import { TABLE_COLUMNS, USUAL_COLUMNS } from '../index.ts';
import {
  DERIVATION_FORMATS,
  gather,
  gatherSettings,
  PLOT_FORMATS,
  readColumns,
  readCurves,
  readDerivationFormat,
  readNumber,
  readPlotAxis,
  readPlotFormat,
  readRange,
  readTableFormat,
  readTarget,
  readWhole,
  TABLE_FORMATS,
} from './format.ts';
import type { Outcome } from './outcome.ts';

const CLAIM = 'id of the catalogue, derivation file, =formula, or - (a formula on standard input)';
const JSON_OPTION = 'one JSON document instead of text';
const NOTATION_OPTION = 'your own symbols: a YAML file of names and LaTeX';
/** The largest random batches, and the most threads: each takes some 100 MB. */
const MOST = { pairs: 1_000_000_000, tokens: 1_000, vocabulary: 1_000, workers: 64 } as const;

const EPILOGUE = `
A claim is an id of the catalogue (dpo), a derivation file (./mine.yaml), or a
formula that begins with =, as in '=-log(sigmoid(beta * log(pi(w)/pi(l))))'; -
reads a formula from standard input. Formulas speak of the chosen response w and
the rejected one l, of pi(y), ref(y) and len(y); other names are
hyper-parameters.

Exit codes: 0 holds, 1 does not hold, 2 bad input, 3 undecided,
70 internal error.`;

const oneOf = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** For commands that write in several formats. */
const jsonFormat = () => new Option('--json', 'the same as --to json').implies({ to: 'json' } as const);

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
      .option(
        '--data <head>',
        "declare data of formulas: 'score(y)', 'm(y,t) >= 0', 'tau(x) > 0' (repeatable)",
        gather,
      );

  program
    .command('list')
    .description('the catalogue: id, title, tier and paper of every variant')
    .option('--json', JSON_OPTION)
    .addHelpText('after', examples('midpo list', 'midpo list --json'))
    .action(async (options) => deliver(await (await import('./list.ts')).list(options)));

  program.addCommand(
    claimCommand('derive', 'derive a loss from its prior, every step with its rule and conditions')
      .usage('[options] <claim>')
      .option('--to <format>', oneOf(DERIVATION_FORMATS), readDerivationFormat, 'text')
      .addOption(jsonFormat())
      .option('-o, --output <file>', 'write to a file, whole or not at all')
      .option('--steps', 'every single step (stand-alone LaTeX has them in its appendix)')
      .option('--highlight', 'in LaTeX, set off what each line changes')
      .option('--notation <file>', NOTATION_OPTION)
      .option('--bib <file>', 'for LaTeX, write what is cited to a .bib file')
      .addHelpText(
        'after',
        examples(
          'midpo derive simpo',
          'midpo derive simpo --to latex -o simpo.tex',
          'midpo derive simpo --to latex-fragment --notation mine.yaml --bib simpo.bib',
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
    claimCommand('verify', 'does a loss hold in numbers? Random batches, reference vectors, your own runs')
      .usage('[options] <claim>')
      .option('--vectors <file>', 'reference vectors, a path or a name, instead of those of the claim')
      .option('--map <pair>', "ours in theirs: 'gamma = beta * gamma_beta_ratio' (repeatable)", gather)
      .option('--map-data <pair>', "data in the file: 'm(y,t) = tis_weights' (repeatable)", gather)
      .option('--where <pair>', "only such cases: 'loss_type = sigmoid' (repeatable)", gather)
      .option(
        '--logps <file>',
        'log-probabilities of a training run: .jsonl, .npz, .safetensors, .parquet, or .npy (repeatable)',
        gather,
      )
      .option('--set <pair>', "a hyper-parameter for --logps: 'beta=0.1' (repeatable)", gather)
      .option('-o, --output <file>', 'for --logps: each row with its loss, to a .jsonl or .csv file')
      .option('--pairs <n>', 'random pairs in all', readWhole(1, MOST.pairs))
      .option('--tokens <n>', 'tokens of the longest response', readWhole(1, MOST.tokens))
      .option('--vocab <n>', 'size of the vocabulary', readWhole(2, MOST.vocabulary))
      .option('--seed <n>', 'seed of everything random', readWhole(0, Number.MAX_SAFE_INTEGER))
      .option('--workers <n>', 'threads (1; long runs: those of the machine)', readWhole(1, MOST.workers))
      .option('--json', JSON_OPTION)
      .addHelpText(
        'after',
        examples(
          'midpo verify simpo',
          'midpo verify dpo --pairs 1000 --seed 7',
          'midpo verify dpo --logps run.jsonl --set beta=0.1 -o losses.csv',
          "midpo verify simpo --vectors simpo --where 'loss_type = sigmoid' --map 'gamma = beta * gamma_beta_ratio'",
        ),
      )
      .action(async (claims, options) =>
        deliver(await (await import('./verify.ts')).verify(claims, options)),
      ),
  );

  program.addCommand(
    claimCommand('table', 'several losses side by side; without claims, the whole catalogue')
      .usage('[options] [claim...]')
      .option('--to <format>', oneOf(TABLE_FORMATS), readTableFormat, 'text')
      .addOption(jsonFormat())
      .option(
        '--columns <names>',
        `any of ${TABLE_COLUMNS.join(', ')}, in any order`,
        readColumns,
        USUAL_COLUMNS,
      )
      .option('--notation <file>', NOTATION_OPTION)
      .option('-o, --output <file>', 'write to a file, whole or not at all')
      .addHelpText(
        'after',
        examples(
          'midpo table dpo simpo r-dpo',
          'midpo table --to latex -o table.tex',
          'midpo table dpo ./mine.yaml --columns id,tier,prior --to latex-fragment',
        ),
      )
      .action(async (claims, options) => deliver(await (await import('./table.ts')).table(claims, options))),
  );

  program.addCommand(
    claimCommand('plot', 'loss, gradient weight and implicit reward against the margin or a length')
      .usage('[options] <claim...>')
      .option('--to <format>', oneOf(PLOT_FORMATS), readPlotFormat, 'svg')
      .addOption(jsonFormat())
      .option('--x <axis>', 'what varies: margin or length', readPlotAxis, 'margin')
      .option('--y <curves>', 'any of loss, weight, reward (all of them)', readCurves)
      .option('--range <from,to>', 'of the axis (-40,40; lengths 1,60)', readRange)
      .option('--y-range <low,high>', 'of the picture, upwards', readRange)
      .option('--margin <m>', 'where the margin stands still while a length varies (0)', readNumber)
      .option('--set <value>', "'beta=0.1', 'len(w)=30', 'score(w)=2' (repeatable)", gatherSettings)
      .option('--notation <file>', NOTATION_OPTION)
      .option('-o, --output <file>', 'write to a file, whole or not at all')
      .addHelpText(
        'after',
        `
The margin is log(pi(w)/ref(w)) - log(pi(l)/ref(l)): by how much the policy has
moved towards the chosen response. Half of it lies on either response, spread
evenly over the tokens. Both have 20 tokens, to each of which the reference
gives the probability 0.1: --set 'len(y)=30', --set 'ref(y,t)=0.2'. What else a
loss asks for has the values given in docs/plot.md.

--data <file> writes the numbers as CSV beside the picture; with brackets,
--data 'score(y)', it declares data of formulas, as everywhere.
${examples(
  'midpo plot dpo simpo ipo -o losses.svg',
  'midpo plot dpo r-dpo --x length --y weight --set alpha=0.05',
  "midpo plot dpo -e 'max(0, 1 - log(pi(w)/pi(l)))' --data losses.csv -o losses.svg",
)}`,
      )
      .action(async (claims, options) => deliver(await (await import('./plot.ts')).plot(claims, options))),
  );

  program
    .command('new')
    .description('write a commented derivation file to start from')
    .argument('<id>', 'its name: lower-case letters, digits and dashes')
    .option('--json', JSON_OPTION)
    .addHelpText('after', examples('midpo new my-loss', 'midpo check ./my-loss.yaml'))
    .action(async (id, options) => deliver(await (await import('./new.ts')).create(id, options)));

  program.addCommand(
    claimCommand('export', 'a loss as Python code: a typed function with a docstring and a self-test')
      .usage('[options] <claim>')
      .option('--to <target>', 'python (PyTorch), jax or numpy', readTarget, 'python')
      .option('--trl', "for PyTorch, add a subclass of TRL's DPOTrainer with the loss in place")
      .option('-o, --output <file>', 'write to a file, whole or not at all')
      .option('--json', JSON_OPTION)
      .addHelpText(
        'after',
        examples(
          'midpo export simpo > simpo.py && python3 simpo.py',
          'midpo export tdpo2 --to numpy -o tdpo2.py',
          'midpo export r-dpo --trl -o trainer.py',
        ),
      )
      .action(async (claims, options) =>
        deliver(await (await import('./export.ts')).exportCode(claims, options)),
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
