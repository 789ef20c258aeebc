/** Families, properties and limits of a loss, as JSON. */

import type { Boundary } from '../framework/boundary.ts';
import type { Family } from '../framework/families.ts';
import type { Limit } from '../framework/limits.ts';
import type { Property } from '../framework/properties.ts';
import { print } from '../syntax/print.ts';
import type { Json } from '../trace/json.ts';
import { witnessJson } from './witness-json.ts';

/** `by` is the link, the margin, or f' in the ratio r. */
export const familyJson = ({ id, answer, by, divergence }: Family): Json => ({
  family: id,
  answer,
  by: by === undefined ? null : print(by),
  divergence:
    divergence === undefined
      ? null
      : {
          name: divergence.name,
          order: divergence.order === undefined ? null : print(divergence.order),
        },
});

export const propertyJson = ({ id, answer }: Property): Json => ({
  property: id,
  answer: answer.answer,
  witness: answer.answer === 'refuted' ? witnessJson(answer.witness) : null,
});

/** `atInfinity` is the limit of the loss divided by the parameter. */
export const limitJson = ({ parameter, atZero, atInfinity }: Limit): Json => ({
  parameter: parameter.name,
  atZero: print(atZero),
  atInfinity: print(atInfinity),
});

/** What the loss goes to as the parameter goes to an end that its range does not contain. */
export const boundaryJson = ({ parameter, end, logit, loss, tier }: Boundary): Json => ({
  parameter: parameter.name,
  to: print(end),
  tier,
  logit: logit === undefined ? null : print(logit),
  loss: print(loss),
});
