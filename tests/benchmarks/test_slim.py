"""The choice of a recipe of fine-tuning, on a small model: each cost is that of validation data, and the least is named."""

import re
from dataclasses import replace

import pytest

from benchmarks import slim
from vae_core import checkpoints
from vae_core.data import Split, load
from vae_core.slim.fine_tuning import Recipe
from vae_core.slim.rounding_choice import mean_loss
from vae_core.slim.slimming import SlimSettings, pruned_copy

NAME = "digits-vae-2d"
CHECKPOINT = checkpoints.load(checkpoints.bundled() / NAME)
DATA = load(CHECKPOINT.info.run.data)


def pruned_cost(what: str, split: Split) -> float:
    """What half of the weights or units cost on a split, before any fine-tuning."""
    vae, _ = pruned_copy(CHECKPOINT.vae, DATA.train, SlimSettings(**{what: 0.5}), "grey")
    return mean_loss(vae.eval(), split) - mean_loss(CHECKPOINT.vae.eval(), split)


def printed(capsys) -> list[tuple[str, list[float], str]]:
    """Of each row: the kind of pruning, the costs, and the recipe that is named as the best."""
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith(NAME)]
    found = [re.fullmatch(rf"{NAME} +(prune|units) +(.+?) +best (\S+), used 2/2/0\.05", row) for row in rows]
    return [(one[1], [float(cost) for cost in one[2].split()], one[3]) for one in found]


def test_a_tiny_step_keeps_the_pruned_model_on_validation_data_and_a_huge_one_ruins_it(monkeypatch, capsys):
    monkeypatch.setattr(slim, "RECIPES", (Recipe(3000.0), Recipe(1e-9)))
    strange = replace(DATA, test=replace(DATA.test, x=255 - DATA.test.x))  # its costs are quite different
    slim.choose(NAME, CHECKPOINT, strange, 0.3)
    found = printed(capsys)
    assert [what for what, _, _ in found] == ["prune", "units"]
    for what, (huge, tiny), best in found:
        before = pruned_cost(what, DATA.val)
        assert tiny == pytest.approx(before, abs=0.3) and abs(pruned_cost(what, strange.test) - before) > 1
        assert huge > before + 1 and best == "1e-09/2/0.05"


def test_the_command_prints_every_recipe_and_names_the_least_cost(monkeypatch, capsys):
    monkeypatch.setattr(slim, "PRUNABLE", (NAME,))
    monkeypatch.setattr("sys.argv", ["slim", "--only", NAME, "--choose", "--finetune", "0.3"])
    slim.main()
    named = [f"{recipe.lr:g}/{recipe.batch}/{recipe.decay:g}" for recipe in slim.RECIPES]
    for _, costs, best in printed(capsys):
        assert len(costs) == len(named) and costs[named.index(best)] == min(costs)
