/** A subclass of TRL's DPOTrainer that trains with an exported loss. */

import type { Module } from './function.ts';
import type { Input } from './inputs.ts';
import { distributionName } from './inputs.ts';
import { callLines } from './layout.ts';
import { paragraph, quotable } from './literal.ts';

/** The version of TRL whose interface the subclass is written against. */
export const TRL_VERSION = '0.18';

/** `R-DPO` gives `RDpoTrainer`. */
export const trainerName = (lossName: string): string =>
  `${lossName
    .replace(/_loss$/, '')
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Trainer`;

const FORWARD = `
    def _logits(self, model: Any, inputs: dict[str, Tensor]) -> Tensor:
        """The logits that predict each token of the completions."""
        prompt, mask = inputs["prompt_input_ids"], inputs["prompt_attention_mask"]
        ids = torch.cat([prompt, inputs["completion_input_ids"]], dim=1)
        attention = torch.cat([mask, inputs["completion_attention_mask"]], dim=1)
        output = model(
            input_ids=ids,
            attention_mask=attention,
            position_ids=(attention.cumsum(-1) - 1).clamp(min=0),
            use_cache=False,
        )
        start = prompt.shape[1] - 1
        return output.logits[:, start:-1]`.slice(1);

const FIXED = `
    def fixed_logits(self, name: str, inputs: dict[str, Tensor]) -> Tensor:
        """Those of a fixed distribution, by default the reference model's."""
        with torch.no_grad():
            if self.ref_model is not None:
                return self._logits(self.ref_model, inputs)
            with self.null_ref_context():
                return self._logits(self.model, inputs)`.slice(1);

/** The class, and the helper it needs for losses that read tokens alone. */
export function trainer(module: Module): readonly string[] {
  const { inputs, name, report } = module;
  const arrays = inputs.arrays;
  const fixed = [...new Set(arrays.filter(isDistribution).map((one) => one.of))].filter((of) => of !== 'pi');
  const columns = arrays.filter(
    (one) => !isDistribution(one) && one.kind !== 'mask' && one.kind !== 'labels',
  );
  const says = [
    `TRL's DPOTrainer with the loss of ${report.variant.title}.`,
    `Written against the interface of TRL ${TRL_VERSION}, for causal language models: no images, no packed batches, no precomputed reference. The hyper-parameters of the loss are those of \`settings\`, not of the trainer's configuration.`,
    ...(columns.length === 0
      ? []
      : [
          `The data collator has to give, padded as the completions are: ${columns.map((one) => one.name).join(', ')}.`,
        ]),
  ];
  return [
    `class ${trainerName(name)}(DPOTrainer):`,
    ...docLines(says),
    '',
    ...settingsLines(module),
    '',
    FORWARD,
    '',
    ...(fixed.length === 0 ? [] : [FIXED, '']),
    ...metricsMethod(module, columns),
  ];
}

const isDistribution = ({ kind }: Input): boolean => kind === 'logps' || kind === 'logits';

function docLines(says: readonly string[]): readonly string[] {
  const [first = '', ...others] = says;
  const [head = '', ...more] = paragraph(quotable(first), '    ', '    """');
  return [head, ...more, ...others.flatMap((text) => ['', ...paragraph(quotable(text), '    ')]), '    """'];
}

function settingsLines({ inputs }: Module): readonly string[] {
  const items = inputs.settings.map((one) => `"${one.name}": ${one.usual ?? 'math.nan'}`);
  const line = `    settings: dict[str, float] = {${items.join(', ')}}`;
  return line.length <= 88
    ? [line]
    : ['    settings: dict[str, float] = {', ...items.map((item) => `        ${item},`), '    }'];
}

function metricsMethod({ inputs, name, report }: Module, columns: readonly Input[]): readonly string[] {
  const indent = '        ';
  const distributions = [...new Set(inputs.arrays.filter(isDistribution).map((one) => one.of))];
  const whole = (of: string): boolean => report.whole.has(of);
  const model = (of: string): string =>
    of === 'pi' ? 'self._logits(model, inputs)' : `self.fixed_logits("${distributionName(of)}", inputs)`;
  const width = columns.some((one) => one.kind === 'per-token');
  const sides = { chosen: '[:pairs]', rejected: '[pairs:]' } as const;
  const value = (one: Input): string => {
    if (isDistribution(one)) return `${distributionName(one.of)}${sides[one.role ?? 'chosen']}`;
    if (one.kind === 'labels') return `labels${sides[one.role ?? 'chosen']}`;
    if (one.kind === 'mask') return `mask${sides[one.role ?? 'chosen']}`;
    return one.kind === 'per-token' ? `widened("${one.name}")` : `batch["${one.name}"]`;
  };
  return [
    '    def get_batch_loss_metrics(',
    '        self, model: Any, batch: dict[str, Any], train_eval: str = "train"',
    '    ) -> tuple[Tensor, dict[str, float]]:',
    '        """The mean loss of a batch, and what is logged of it."""',
    `${indent}inputs = self.concatenated_inputs(batch, padding_value=self.padding_value)`,
    `${indent}mask = inputs["completion_attention_mask"].bool()`,
    `${indent}labels = inputs["completion_input_ids"]`,
    `${indent}pairs = batch["chosen_input_ids"].shape[0]`,
    ...(width
      ? [
          '',
          `${indent}def widened(column: str) -> Tensor:`,
          `${indent}    missing = mask.shape[1] - batch[column].shape[1]`,
          `${indent}    return F.pad(batch[column], (0, missing))`,
          '',
        ]
      : []),
    ...distributions.flatMap((of) => {
      const target = distributionName(of);
      return whole(of)
        ? [`${indent}${target} = ${model(of)}`]
        : callLines(`${target} = _token_logps`, [model(of), 'labels'], indent);
    }),
    ...callLines(
      `losses, chosen_rewards, rejected_rewards = ${name}`,
      [...inputs.arrays.map((one) => `${one.name}=${value(one)}`), '**self.settings'],
      indent,
    ),
    `${indent}prefix = "eval_" if train_eval == "eval" else ""`,
    `${indent}logged = {`,
    `${indent}    "rewards/chosen": chosen_rewards,`,
    `${indent}    "rewards/rejected": rejected_rewards,`,
    `${indent}    "rewards/accuracies": (chosen_rewards > rejected_rewards).float(),`,
    `${indent}    "rewards/margins": chosen_rewards - rejected_rewards,`,
    `${indent}}`,
    `${indent}gather = self.accelerator.gather_for_metrics`,
    `${indent}metrics = {`,
    `${indent}    f"{prefix}{key}": gather(value).mean().item()`,
    `${indent}    for key, value in logged.items()`,
    `${indent}}`,
    `${indent}return losses.mean(), metrics`,
  ];
}

/** The log-probabilities of tokens out of logits: needed where some distribution is read by token alone. */
export const TOKEN_LOGPS = `
def _token_logps(logits: Tensor, labels: Tensor) -> Tensor:
    """The log-probability of each token, out of logits over the vocabulary."""
    logprobs = torch.log_softmax(logits, dim=-1)
    return logprobs.gather(-1, labels.unsqueeze(-1)).squeeze(-1)`.slice(1);

/** Whether a trainer needs `TOKEN_LOGPS`. */
export const readsTokens = ({ inputs }: Module): boolean =>
  inputs.arrays.some(({ kind }) => kind === 'logps');
