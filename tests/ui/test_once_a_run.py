"""What is remembered for one run of a page: not in the next, not after an error, and not outside of a script."""

import pytest
from streamlit.testing.v1 import AppTest

from vae_core.errors import UserError
from vae_ui.base.once_a_run import once_a_run


def test_outside_of_a_script_each_call_makes_its_result_anew():
    made = []
    ask = once_a_run(lambda what: made.append(what) or len(made))
    assert [ask("a"), ask("a")] == [1, 2]


def test_a_run_asks_once_for_each_argument_and_the_next_run_again():
    def script() -> None:
        import streamlit as st

        from tests.ui import test_once_a_run as here

        st.text(repr([here.counted("a"), here.counted("b"), here.counted("a"), here.counted(what="a")]))
        for _ in range(2):
            with here.pytest.raises(here.UserError):
                here.refused()

    app = AppTest.from_function(script).run(timeout=60)
    first = app.text[0].value
    app.run(timeout=60)
    assert not app.exception and (first, app.text[0].value) == ("[1, 2, 1, 3]", "[4, 5, 4, 6]")
    assert len(ASKED) == 4  # an error is no result


COUNTS: list[str] = []
ASKED: list[str] = []


@once_a_run
def counted(what: str) -> int:
    COUNTS.append(what)
    return len(COUNTS)


@once_a_run
def refused() -> None:
    ASKED.append("asked")
    raise UserError("no")


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_language_chosen_within_a_run_is_that_of_the_next_sentence(code):
    def script() -> None:
        import streamlit as st

        from vae_ui.base import translation

        translation.choose("en")
        before = translation.t("Start")
        translation.choose(st.query_params["code"])
        st.text(f"{before} {translation.t('Start')}")

    app = AppTest.from_function(script)
    app.query_params["code"] = code
    app.run(timeout=60)
    assert app.text[0].value == ("Start 开始" if code == "zh" else "Start Start")
