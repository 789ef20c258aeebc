"""Runs exported trainers on a stand-in for TRL's DPOTrainer and a tiny model; `trl` itself is not needed."""

import contextlib
import importlib.util
import sys
import types

import torch

VOCABULARY = 7


class Model(torch.nn.Module):
    """Logits that depend on the token before and on its position."""

    def __init__(self, seed):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        table = torch.randn(VOCABULARY, VOCABULARY, generator=generator, dtype=torch.float64)
        self.table = torch.nn.Parameter(table)

    def forward(self, input_ids, attention_mask, position_ids, use_cache):
        assert not use_cache and attention_mask.shape == input_ids.shape
        logits = self.table[input_ids] * (1 + position_ids.unsqueeze(-1) / 10)
        return types.SimpleNamespace(logits=logits)


def widen(x, width, value):
    return torch.nn.functional.pad(x, (0, width - x.shape[1]), value=value)


class DPOTrainer:
    padding_value = 0
    accelerator = types.SimpleNamespace(gather_for_metrics=lambda x: x)

    def __init__(self, model, ref_model):
        self.model, self.ref_model = model, ref_model

    @contextlib.contextmanager
    def null_ref_context(self):
        yield

    @staticmethod
    def concatenated_inputs(batch, padding_value):
        width = max(batch["chosen_input_ids"].shape[1], batch["rejected_input_ids"].shape[1])
        twice = lambda name: torch.cat([batch[name], batch[name]])
        both = lambda what, value: torch.cat(
            [widen(batch[f"{role}_{what}"], width, value) for role in ("chosen", "rejected")]
        )
        return {
            "prompt_input_ids": twice("prompt_input_ids"),
            "prompt_attention_mask": twice("prompt_attention_mask"),
            "completion_input_ids": both("input_ids", padding_value),
            "completion_attention_mask": both("attention_mask", 0),
        }


def by_hand(module, name, trainer, batch, columns):
    """The loss without the trainer's code: one response at a time, without padding."""
    total = 0.0
    for pair in range(2):
        arguments = dict(columns(pair))
        for role in ("chosen", "rejected"):
            prompt = batch["prompt_input_ids"][pair][batch["prompt_attention_mask"][pair].bool()]
            response = batch[f"{role}_input_ids"][pair][batch[f"{role}_attention_mask"][pair].bool()]
            ids = torch.cat([prompt, response])[None]
            places = torch.arange(ids.shape[1])[None]
            for called, model in (("policy", trainer.model), ("ref", trainer.ref_model), ("prev", trainer.ref_model)):
                logits = model(ids, torch.ones_like(ids), places, False).logits[:, len(prompt) - 1 : -1]
                logps = logits.log_softmax(-1).gather(-1, response[None, :, None]).squeeze(-1)
                arguments[f"{called}_{role}_logits"] = logits
                arguments[f"{called}_{role}_logps"] = logps
            arguments[f"{role}_labels"] = response[None]
            arguments[f"{role}_mask"] = torch.ones(1, len(response), dtype=torch.bool)
        function = getattr(module, name)
        wanted = function.__code__.co_varnames[: function.__code__.co_argcount]
        total = total + function(**{key: arguments[key] for key in wanted})[0].sum()
    return total / 2


def main():
    sys.modules["trl"] = types.ModuleType("trl")
    sys.modules["trl"].DPOTrainer = DPOTrainer
    for path, name, trainer_name in zip(*[iter(sys.argv[1:])] * 3):
        spec = importlib.util.spec_from_file_location("exported", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        batch = {
            "prompt_input_ids": torch.tensor([[0, 3, 4], [1, 2, 5]]),
            "prompt_attention_mask": torch.tensor([[0, 1, 1], [1, 1, 1]]),
            "chosen_input_ids": torch.tensor([[1, 2, 6], [4, 3, 0]]),
            "chosen_attention_mask": torch.tensor([[1, 1, 1], [1, 1, 0]]),
            "rejected_input_ids": torch.tensor([[5, 5], [6, 0]]),
            "rejected_attention_mask": torch.tensor([[1, 1], [1, 0]]),
        }
        tokens = {"chosen": torch.tensor([[1.0, 0.5, 2.0], [0.3, 1.0, 0.0]]), "rejected": torch.tensor([[0.2, 1.5], [0.7, 0.0]])}
        scores = {"chosen": torch.tensor([2.0, 3.0]), "rejected": torch.tensor([0.5, 1.0])}
        lengths = {"chosen": [3, 2], "rejected": [2, 1]}
        for role in ("chosen", "rejected"):
            batch[f"{role}_mu"] = tokens[role]
            batch[f"{role}_score"] = scores[role]

        def columns(pair):
            for role in ("chosen", "rejected"):
                yield f"{role}_mu", tokens[role][pair : pair + 1, : lengths[role][pair]]
                yield f"{role}_score", scores[role][pair : pair + 1]

        trainer = getattr(module, trainer_name)(Model(1), Model(2))
        loss, metrics = trainer.get_batch_loss_metrics(trainer.model, batch, "eval")
        expected = by_hand(module, name, trainer, batch, columns)
        torch.testing.assert_close(loss, expected, rtol=1e-12, atol=0.0)
        loss.backward()
        assert trainer.model.table.grad is not None and trainer.ref_model.table.grad is None
        margin = metrics["eval_rewards/chosen"] - metrics["eval_rewards/rejected"]
        assert abs(metrics["eval_rewards/margins"] - margin) < 1e-12
    print("trained")


main()
