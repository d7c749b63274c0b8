"""A window that is used again brings nothing of its last visitor to the next one."""

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.visitors import NEARLY_FULL, QUIET_PAGE, Visitors


def test_the_next_visitor_of_a_window_is_a_new_one(browser, server):
    visitors, options = Visitors(browser, 60_000), {"base_url": server.url, **PROJECTOR}
    first = visitors.arrive(options)
    page = first.welcome()
    page.goto(QUIET_PAGE)
    page.evaluate(
        "() => { localStorage.a = sessionStorage.a = 1; document.cookie = 'a=1'; console.warn('of the first'); }"
    )
    page.set_viewport_size({"width": 300, "height": 300})
    first.context.new_page()
    assert len(first.problems()) == 1
    visitors.leave(first)
    phone = visitors.arrive({**options, **PHONE})
    assert phone is not first
    second = visitors.arrive({**options, "color_scheme": "dark"})
    assert second is first and second.welcome() is page and second.problems() == []
    assert second.context.cookies() == [] and second.context.pages == [page]
    page.goto(QUIET_PAGE)
    assert page.evaluate("[localStorage.a, sessionStorage.a, innerWidth]") == [
        None,
        None,
        PROJECTOR["viewport"]["width"],
    ]
    dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    assert page.evaluate(dark)
    page.evaluate(f"for (let i = 0; i <= {NEARLY_FULL}; i++) history.pushState(i, '')")
    visitors.leave(second)
    third = visitors.arrive(options)
    assert third.welcome().evaluate("history.length") == 1 and not third.page.evaluate(dark)
    third.context.close()
    phone.context.close()
