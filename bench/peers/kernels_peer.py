"""The DPO and TDPO losses in PyTorch and NumPy: one question per line, one answer per line, both JSON.

One thread is timed by processor time, several by the clock on the wall. A question says system, threads, pairs or (tokens, vocabulary), gradients and repeat; the answer has the
best time in seconds and the sum of the losses. The data are those of bench/kernel-data.ts, bit for bit.
"""

import json
import sys
import time

import numpy

BETA = 0.1
STEPS = (0.7548776662466927, 0.5698402909980532, 0.8191725133961645, 0.6710436067037893)


def column(count, step):
    """-50 times the fractional part of i * step."""
    x = numpy.arange(count, dtype=numpy.float64) * step
    return -50 * (x - numpy.floor(x))


def best(repeat, run, threads):
    now = time.process_time if threads == 1 else time.perf_counter
    times = []
    for _ in range(repeat):
        start = now()
        total = run()
        times.append(now() - start)
    return {"seconds": min(times), "sum": float(total)}


def numpy_dpo(pairs, gradients, repeat):
    policy_w, ref_w, policy_l, ref_l = (column(pairs, step) for step in STEPS)

    def run():
        u = BETA * ((policy_w - ref_w) - (policy_l - ref_l))
        losses = numpy.logaddexp(0, -u)
        if gradients:
            slope = -BETA / (1 + numpy.exp(u))
            numpy.negative(slope)
        return losses.sum()

    return best(repeat, run, 1)


def torch_dpo(torch, pairs, gradients, repeat):
    columns = [torch.from_numpy(column(pairs, step)) for step in STEPS]
    policy_w, ref_w, policy_l, ref_l = columns
    if gradients:
        policy_w.requires_grad_()
        policy_l.requires_grad_()

    def run():
        policy_w.grad = policy_l.grad = None
        u = BETA * ((policy_w - ref_w) - (policy_l - ref_l))
        losses = torch.nn.functional.softplus(-u, threshold=1000)
        if gradients:
            losses.sum().backward()
        return losses.detach().sum()

    if gradients:
        return best(repeat, run, torch.get_num_threads())
    with torch.no_grad():
        return best(repeat, run, torch.get_num_threads())


def torch_tdpo(torch, tokens, vocabulary, repeat):
    size = tokens * vocabulary
    labels = torch.arange(tokens) % vocabulary
    sides = [
        [torch.from_numpy(column(size, step)).view(tokens, vocabulary) for step in steps]
        for steps in (STEPS[:2], STEPS[2:])
    ]

    def side(policy, reference):
        policy, reference = policy.log_softmax(-1), reference.log_softmax(-1)
        divergence = (reference.exp() * (reference - policy)).sum()
        ratio = (policy - reference).gather(-1, labels[:, None]).sum()
        return ratio, divergence

    def run():
        (ratio_w, kl_w), (ratio_l, kl_l) = (side(*rows) for rows in sides)
        u = BETA * (ratio_w - ratio_l) - BETA * (kl_l - kl_w)
        return torch.nn.functional.softplus(-u, threshold=1000)

    with torch.no_grad():
        return best(repeat, run, torch.get_num_threads())


def answer(question):
    repeat = question["repeat"]
    if question["system"] == "numpy":
        return numpy_dpo(question["pairs"], question["gradients"], repeat)
    import torch

    torch.set_num_threads(question["threads"])
    if "tokens" in question:
        return torch_tdpo(torch, question["tokens"], question["vocabulary"], repeat)
    return torch_dpo(torch, question["pairs"], question["gradients"], repeat)


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
