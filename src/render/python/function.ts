/** The exported functions: signature, docstring and body. */

import type { Role } from '../../numeric/batch.ts';
import { ROLES } from '../../numeric/batch.ts';
import type { ExportReport } from '../../report/export.ts';
import type { Code } from './code.ts';
import { aligned, BATCH, BINDS } from './code.ts';
import type { Dialect, Helper } from './dialect.ts';
import { emitter } from './emit.ts';
import { argumentLines } from './explain.ts';
import type { Names } from './identifier.ts';
import type { Input, Inputs } from './inputs.ts';
import { callLines, returnLines } from './layout.ts';
import type { Setting } from './leaves.ts';
import { paragraph, quotable } from './literal.ts';
import type { Root } from './outline.ts';

/** Everything that the functions of one module share. */
export interface Module {
  readonly report: ExportReport;
  readonly dialect: Dialect;
  readonly inputs: Inputs;
  /** Names taken in the module and by the arguments. */
  readonly newNames: () => Names;
  readonly helpers: Set<Helper>;
  /** The name of the loss function. */
  readonly name: string;
}

const DOCUMENTED: Readonly<Record<ExportReport['rewards']['of'], string>> = {
  logit: 'The rewards are the parts of the logit that belong to each response.',
  nearest:
    'The loss is no logistic one; the rewards are the parts of the logit of the nearest logistic loss that belong to each response.',
  'log-ratio':
    'The loss implies no rewards; what is given as such is the log-probability of each response over that of the reference.',
};

/** Losses and implicit rewards. */
export function lossFunction(module: Module): readonly string[] {
  const { report, dialect, name, inputs } = module;
  const [loss = -1, chosen = -1, rejected = -1] = report.forward.outputs;
  const roots = [loss, chosen, rejected].map((id): Root => ({ id, loops: [] }));
  const code = emitter(report.forward, roots, settingOf(module));
  const rewards = [chosen, rejected].map((id, i) => {
    const wanted = `${ROLES[i]}_rewards`;
    const plain = code.code(id).text;
    if (/^\w+$/.test(plain)) return plain;
    code.assign(wanted, id);
    return wanted;
  });
  code.assign('losses', loss);
  const detached = rewards.map((text) => dialect.frozen?.(text) ?? text);
  const body = [...code.statements(), ...returnLines(['losses', ...detached], '    ')];
  const three = Array.from({ length: 3 }, () => dialect.array).join(', ');
  return [
    ...signature(name, inputs, dialect, `tuple[${three}]`),
    ...docstring(
      `${quotable(report.variant.title)}: losses and implicit rewards.`,
      argumentLines(report, inputs),
      [
        ...paragraph('losses, chosen rewards and rejected rewards, each of shape (B,).', '        '),
        ...paragraph(
          `${DOCUMENTED[report.rewards.of]}${dialect.frozen === undefined ? '' : ' They carry no gradient.'}`,
          '        ',
        ),
      ],
    ),
    ...typed(body, module),
  ];
}

/** The derivatives of the losses by the policy's token log-probabilities, or by its logits. */
export function gradientFunction(module: Module): readonly string[] {
  const { report, dialect, inputs } = module;
  const policy = policyInputs(inputs);
  const whole = report.whole.has('pi');
  const { outputs } = report.backward;
  const perRole = whole ? 2 : 1;
  const rootsOf = (role: Role): readonly Root[] => {
    const from = ROLES.indexOf(role) * perRole;
    return outputs
      .slice(from, from + perRole)
      .map((id, i) => ({ id, loops: i === 0 ? [role] : [role, 'vocabulary'] }));
  };
  const roots = policy.flatMap(({ role }) => rootsOf(role));
  const code = emitter(report.backward, roots, settingOf(module));
  for (const { role } of policy) {
    const [own, entry] = rootsOf(role);
    if (own === undefined) continue;
    const mask = code.mask(role).text;
    /** Under a name where it is more than a name or a number. */
    const named = ({ id, loops }: Root, wanted: string): Code => {
      const made = code.code(id, loops);
      return made.binds === BINDS.atom && made.call === undefined ? made : code.assign(wanted, id, loops);
    };
    const slope = aligned(named(own, `${role}_slope`), [BATCH, 0]).text;
    const put = (name: string, fn: string, args: readonly string[]): void => {
      for (const line of callLines(`${name} = ${fn}`, args, '    ')) code.put(line);
    };
    if (entry === undefined) {
      put(`${role}_gradient`, 'np.where', [`${mask}.astype(bool)`, slope, '0.0']);
      continue;
    }
    const logprobs = code.rows('pi', role).text;
    const entries = aligned(named(entry, `${role}_entry_slope`), [BATCH, 0, 1]).text;
    const labels = inputs.arrays.find((one) => one.kind === 'labels' && one.role === role);
    const atLabels = labels !== undefined && slope !== '0';
    if (atLabels) {
      module.helpers.add('at-labels');
      put(`${role}_label_slope`, '_at_labels', [slope, labels.name, logprobs]);
    }
    module.helpers.add('through-softmax');
    const total = !atLabels
      ? entries
      : entries === '0'
        ? `${role}_label_slope`
        : `${entries} + ${role}_label_slope`;
    put(`${role}_gradient`, '_through_softmax', [total, logprobs, mask]);
  }
  const results = policy.map(({ role }) => `${role}_gradient`);
  const body = [...code.statements(), ...returnLines(results, '    ')];
  const type = `tuple[${results.map(() => dialect.array).join(', ')}]`;
  const by = whole ? 'logits' : 'token log-probabilities';
  return [
    ...signature(gradientName(module.name), inputs, dialect, type),
    ...docstring(
      `The derivatives of the losses by the policy's ${by}.`,
      [...paragraph(`The arguments are those of ${module.name}.`, '    ')],
      [
        ...paragraph(
          `one array for each policy argument, of its shape, nought at masked positions.`,
          '        ',
        ),
      ],
    ),
    ...typed(body, module),
  ];
}

export const gradientName = (lossName: string): string => `${lossName.replace(/_loss$/, '')}_gradient`;

/** The arguments that gradients are taken of, those of the policy. */
export const policyInputs = ({ arrays }: Inputs): readonly (Input & { readonly role: Role })[] =>
  arrays.flatMap((one) =>
    one.of === 'pi' && one.role !== undefined && (one.kind === 'logps' || one.kind === 'logits')
      ? [{ ...one, role: one.role }]
      : [],
  );

const settingOf = ({ report, dialect, inputs, newNames, helpers }: Module): Setting => ({
  dialect,
  inputs,
  names: newNames(),
  whole: report.whole,
  helpers,
});

function signature(
  name: string,
  { arrays, settings }: Inputs,
  { array }: Dialect,
  type: string,
): readonly string[] {
  return [
    `def ${name}(`,
    ...arrays.map((one) => `    ${one.name}: ${array},`),
    ...(settings.length === 0 ? [] : ['    *,']),
    ...settings.map((one) => `    ${one.name}: float${one.usual === undefined ? '' : ` = ${one.usual}`},`),
    `) -> ${type}:`,
  ];
}

function docstring(head: string, args: readonly string[], returns: readonly string[]): readonly string[] {
  const [first = '', ...more] = paragraph(head, '    ', '    """');
  return [first, ...more, '', ...args, '', '    Returns:', ...returns, '    """'];
}

/** The body with the type of its numbers looked up first, where it is asked for. */
function typed(body: readonly string[], { inputs }: Module): readonly string[] {
  const [first] = inputs.arrays.filter(({ kind }) => kind === 'logps' || kind === 'logits');
  const from = first?.name ?? inputs.arrays[0]?.name;
  const known = body.some((line) => /\bdtype\b/.test(line)) ? [`    dtype = ${from}.dtype`] : [];
  return [...known, ...body];
}
