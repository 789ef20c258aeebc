"""Losses of a whole batch as published, on given token log-probabilities: value and gradient of each job."""

import json
import sys

import torch
from torch.nn.functional import logsigmoid


def sums(rows):
    return torch.stack([row.sum() for row in rows])


def means(rows):
    return torch.stack([row.mean() for row in rows])


def dr_dpo(pw, pl, rw, rl, beta, beta_prime):
    losses = -logsigmoid(beta * (sums(pw) - sums(rw) - sums(pl) + sums(rl)))
    return -beta_prime * torch.log(torch.mean(torch.exp(-losses / beta_prime)))


def aot(pw, pl, rw, rl, beta):
    policy, _ = torch.sort(sums(pw) - sums(pl))
    reference, _ = torch.sort(sums(rw) - sums(rl))
    return -logsigmoid(beta * (policy - reference)).mean()


def aot_unpaired(pw, pl, rw, rl, beta):
    chosen, _ = torch.sort(sums(pw) - sums(rw))
    rejected, _ = torch.sort(sums(pl) - sums(rl))
    return -logsigmoid(beta * (chosen - rejected)).mean()


def alpha_dpo(pw, pl, rw, rl, beta, gamma, alpha):
    moved = beta * (sums(pw) - sums(rw) - sums(pl) + sums(rl))
    score = (moved - moved.mean()) / moved.std()
    margin = (gamma + alpha * score).detach()
    return -logsigmoid(beta * (means(pw) - means(pl)) - margin).mean()


def rows(values, moves):
    return [torch.tensor(row, dtype=torch.float64, requires_grad=moves) for row in values]


def answer(job):
    chosen, rejected = rows(job["pi"]["w"], True), rows(job["pi"]["l"], True)
    given = rows(job["ref"]["w"], False), rows(job["ref"]["l"], False)
    published = {"dr-dpo": dr_dpo, "aot": aot, "aot-unpaired": aot_unpaired, "alpha-dpo": alpha_dpo}
    loss = published[job["id"]](chosen, rejected, *given, **job["settings"])
    loss.backward()
    gradients = {
        "chosen": torch.cat([row.grad for row in chosen]).tolist(),
        "rejected": torch.cat([row.grad for row in rejected]).tolist(),
    }
    return {"loss": loss.item(), "gradients": gradients}


json.dump([answer(job) for job in json.load(open(sys.argv[1]))], sys.stdout)
