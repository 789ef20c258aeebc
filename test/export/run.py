"""Runs exported functions on given numbers: losses, rewards and gradients of many jobs in one process."""

import importlib.util
import json
import sys

import jax_shim
import numpy as np


def array(value, dtype="float64"):
    """Nested lists, with text for numbers that JSON lacks."""
    return np.array(value, dtype=object).astype(dtype)


def load(path):
    spec = importlib.util.spec_from_file_location("exported", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def log_softmax(logits):
    top = logits.max(-1, keepdims=True)
    return logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))


def with_torch(job):
    import torch

    leaves, values = {}, {}
    for name, spec in job["arrays"].items():
        kind = {"labels": "int64", "mask": "bool"}.get(spec["kind"], "float64")
        given = torch.tensor(array(spec["value"], kind))
        if spec["moves"]:
            given.requires_grad_(True)
            leaves[name] = given
        if "labels" in spec:
            labels = torch.tensor(array(spec["labels"], "int64")).unsqueeze(-1)
            given = given.log_softmax(-1).gather(-1, labels).squeeze(-1)
        values[name] = given
    function = getattr(load(job["path"]), job["function"])
    losses, chosen, rejected = function(**values, **job["settings"])
    losses.sum().backward()
    assert not chosen.requires_grad and not rejected.requires_grad
    assert losses.dtype == torch.float64
    gradients = {
        name: (torch.zeros_like(leaf) if leaf.grad is None else leaf.grad).numpy()
        for name, leaf in leaves.items()
    }
    return losses.detach().numpy(), [chosen.numpy(), rejected.numpy()], gradients


def with_numpy(job):
    values, through = {}, {}
    for name, spec in job["arrays"].items():
        kind = {"labels": "int64", "mask": "bool"}.get(spec["kind"], "float64")
        given = array(spec["value"], kind)
        if "labels" in spec:
            labels = array(spec["labels"], "int64")[..., None]
            logprobs = log_softmax(given)
            through[name] = (labels, logprobs)
            given = np.take_along_axis(logprobs, labels, -1)[..., 0]
        values[name] = given
    module = load(job["path"])
    losses, chosen, rejected = getattr(module, job["function"])(**values, **job["settings"])
    if job["with"] == "jax":
        return losses, [chosen, rejected], {}
    found = getattr(module, job["gradient"])(**values, **job["settings"])
    names = [name for name, spec in job["arrays"].items() if spec["moves"]]
    gradients = dict(zip(names, found))
    for name in set(names) & set(through):
        labels, logprobs = through[name]
        hit = np.arange(logprobs.shape[-1]) == labels
        gradients[name] = gradients[name][..., None] * (hit - np.exp(logprobs))
    return losses, [chosen, rejected], gradients


def plain(values):
    return [x if np.isfinite(x) else str(x) for x in np.ravel(values).tolist()]


def main():
    jax_shim.install()
    jobs = json.load(open(sys.argv[1]))
    results = []
    for job in jobs:
        try:
            with np.errstate(all="ignore"):
                run = with_torch if job["with"] == "torch" else with_numpy
                losses, rewards, gradients = run(job)
            results.append(
                {
                    "losses": plain(losses),
                    "rewards": [plain(one) for one in rewards],
                    "gradients": {name: plain(g) for name, g in gradients.items()},
                }
            )
        except Exception as error:
            results.append({"error": f"{type(error).__name__}: {error}"})
    json.dump(results, open(sys.argv[2], "w"))


main()
