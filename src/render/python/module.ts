/** A loss as a Python module: PyTorch, JAX or NumPy, with a docstring and a self-test, and nothing to install beside the library. */

import type { ExportReport } from '../../report/export.ts';
import type { Helper, Target } from './dialect.ts';
import { DIALECT } from './dialect.ts';
import { moduleText } from './explain.ts';
import type { Module } from './function.ts';
import { gradientFunction, gradientName, lossFunction } from './function.ts';
import { identifier, newNames } from './identifier.ts';
import { inputsOf } from './inputs.ts';
import { helperTexts } from './prelude.ts';
import { selfTest } from './selftest.ts';
import { readsTokens, TOKEN_LOGPS, trainer, trainerName } from './trl.ts';

/** The source of a module and how to call what is in it. */
export interface PythonModule {
  readonly target: Target;
  readonly code: string;
  readonly name: string;
  readonly inputs: Module['inputs'];
}

export interface PythonOptions {
  readonly target: Target;
  /** A trainer of the TRL library with the loss in place, for PyTorch. */
  readonly trl?: boolean;
}

export function pythonModule(report: ExportReport, { target, trl = false }: PythonOptions): PythonModule {
  const dialect = DIALECT[target];
  const name = `${identifier(report.variant.id).toLowerCase()}_loss`;
  const taken = [name, gradientName(name), trainerName(name), ...LOCALS];
  const inputs = inputsOf(report, newNames(taken));
  const helpers = new Set<Helper>();
  const own = [...inputs.arrays, ...inputs.settings].map((one) => one.name);
  const module: Module = {
    report,
    dialect,
    inputs,
    newNames: () => newNames([...taken, ...own]),
    helpers,
    name,
  };
  const functions = [lossFunction(module), ...(target === 'numpy' ? [gradientFunction(module)] : [])];
  const test = selfTest(module);
  const parts = [
    ...helperTexts(helpers, target),
    ...functions.map(lines),
    ...(trl && readsTokens(module) ? [TOKEN_LOGPS] : []),
    ...(trl ? [lines(trainer(module))] : []),
    ...(test.length === 0 ? [] : [lines(test)]),
  ];
  const body = parts.join('\n\n\n');
  const code = [lines([...moduleText(report, target), '"""', '', ...imports(body, target, trl)]), body].join(
    '\n\n\n',
  );
  return { target, code: `${code}\n`, name, inputs };
}

const lines = (all: readonly string[]): string => all.map((line) => line.trimEnd()).join('\n');

/** Names that the functions use beside those of arguments. */
const LOCALS: readonly string[] = [
  ...['losses', 'total', 'expected', 'gradient'],
  ...['rewards', 'gradient', 'slope', 'entry_slope', 'label_slope'].flatMap((word) => [
    `chosen_${word}`,
    `rejected_${word}`,
  ]),
];

/** What the body uses, the standard library first. */
function imports(body: string, target: Target, trl: boolean): readonly string[] {
  const code = body.replace(/"""(?:\\.|[^\\])*?"""/gs, '');
  const uses = (word: RegExp): boolean => word.test(code);
  const math = uses(/\bmath\./) ? ['import math'] : [];
  const future = ['from __future__ import annotations', ''];
  switch (target) {
    case 'python':
      return [
        ...future,
        ...math,
        ...(trl ? ['from typing import Any'] : []),
        ...(math.length > 0 || trl ? [''] : []),
        ...(uses(/\btorch\./) ? ['import torch'] : []),
        ...(uses(/\bF\./) ? ['import torch.nn.functional as F'] : []),
        'from torch import Tensor',
        ...(trl ? ['from trl import DPOTrainer'] : []),
      ];
    case 'jax':
      return [
        ...future,
        ...(math.length === 0 ? [] : [...math, '']),
        ...(uses(/\bjax\./) ? ['import jax'] : []),
        ...(uses(/\bjnp\./) ? ['import jax.numpy as jnp'] : []),
        'from jax import Array',
      ];
    case 'numpy':
      return [
        ...future,
        ...math,
        'from typing import Any',
        '',
        'import numpy as np',
        'from numpy.typing import NDArray',
        '',
        'Array = NDArray[Any]',
      ];
  }
}
