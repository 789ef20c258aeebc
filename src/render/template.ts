/** A derivation file to start from: every field that most losses need, and beside it the others as comments. */

/** The file for an id, which has letters, digits and dashes only. What it says is a loss that can be checked as it is. */
export const derivationTemplate = (
  id: string,
): string => `# A derivation file. Check it:   midpo check ./${id}.yaml
# Derive it line by line:        midpo derive ./${id}.yaml
# Hold it against numbers:       midpo verify ./${id}.yaml
# Lines that begin with # are notes; uncomment what you need, delete what you do not.

title: ${id}
says: What the loss does, in a sentence or two.

# paper:
#   arxiv: "2305.18290"
#   authors: [Rafailov, Sharma]
#   year: 2023
#   title: The title of the paper
#   venue: NeurIPS 2023

# The hyper-parameters. \`is\` is one of real, positive, nonnegative, unit (0 to 1), open-unit, integer, boolean.
parameters:
  beta: { is: positive, default: 0.1, latex: '\\beta', says: strength of the KL penalty }
  gamma: { is: nonnegative, default: 0.5, latex: '\\gamma', says: margin by which the chosen response has to win }

# Fixed distributions beside the reference \`ref\`.
# distributions:
#   prev: { latex: '\\pi_k', says: the previous iterate }

# Further data, declared by their arguments: per response, per token, per pair (w,l), per prompt (x),
# for the whole batch ().
# data:
#   score(y): { is: real, latex: 's', says: score of a response }
#   m(y,t): { is: nonnegative, latex: 'm_t', says: weight of a token }

# Abbreviations. \`y\` is any response, \`w\` the chosen and \`l\` the rejected one; pi is the policy, ref the reference,
# len(y) the number of tokens. Sums over tokens: sum(t, y, log(pi(y,t))); stop-gradients: stopgrad(h(w)).
define:
  h(y): log(pi(y) / ref(y))

# The prior, where it is known; otherwise it is solved for.
# prior:
#   weight: beta
#   zeta: ref(y)

# The published loss of one pair.
loss: -log(sigmoid(beta * (h(w) - h(l)) - gamma))

# What you expect to be found: marginal, conditional, policy-dependent, label-dependent or outside.
# expect: { tier: label-dependent }

# The same loss as we transcribed it by hand: a second opinion on the formula, for losses of \`midpo list\`.
# transcription: dpo

# Outputs of real code that the loss must reproduce: a file of vectors, ours written in its hyper-parameters.
# evidence:
#   - vectors: ./vectors.json
#     parameters: { beta: beta, gamma: beta * gamma_beta_ratio }
`;
