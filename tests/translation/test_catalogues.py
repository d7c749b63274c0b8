"""Which language a tag or a list of a browser asks for."""

import pytest

from vae_core.translation.catalogues import known, nearest, preferred


@pytest.mark.parametrize(
    ("tag", "code"),
    [("zh-CN", "zh"), ("zh", "zh"), ("zh_TW", "zh"), ("zh-HK", "zh"), ("zh-Hant-TW", "zh"), ("zh_CN.UTF-8", "zh")]
    + [("en-GB", "en"), ("de-DE", None), ("", None), (None, None), ("<b>", None), ("zhuang", None)],
)
def test_a_tag_with_any_region_is_known_by_its_language(tag, code):
    assert known(tag) == code and nearest(tag) == (code or "en")


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh"),
        ("fr, zh-CN;q=0.8, en;q=0.7", "zh"),
        ("en;q=0.5, zh;q=0.7", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("zh;q=0, fr", None),
        ("fr-CH, *;q=0.5", None),
        ("", None),
        (";;q=,zh;q=2,\x00", None),
    ],
)
def test_a_browsers_list_is_read_by_weight(accepted, code):
    assert preferred(accepted) == code
