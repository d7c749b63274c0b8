"""Break it and Experiments in a real browser: a mistake is trained, and both pages stand at once in both languages."""

from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled


def test_a_mistake_is_trained_and_its_result_and_an_experiment_are_shown_in_both_languages(page: Page, data_root):
    page.goto("/break_it?model=digits-vae-2d&mistake=learning-rate")
    settled(page)
    expect(page.get_by_text("lr = 0.1", exact=True).first).to_be_visible()
    expect(page.get_by_text("lr = 0.004", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Train both").click()
    expect(page.get_by_text("The symptom is there")).to_be_visible(timeout=180_000)
    assert page.get_by_text("The symptom is there").bounding_box()["y"] < 720, "it is in the first screenful"
    settled(page, 60)
    for alt in ("Reconstructions of the right program", "Samples of the program with the mistake"):
        assert page.locator(f"img[alt='{alt}']").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.get_by_text("The learning rate is far too large.")).to_be_visible()
    page.get_by_text("The whole program").click()
    expect(page.get_by_text("loss.backward()")).to_be_visible()

    page.goto("/break_it?model=digits-vae-2d&mistake=learning-rate&trained=1&lang=zh")
    settled(page, 60)
    expect(page.get_by_text("出现症状")).to_be_visible()
    page.get_by_text("漏掉 KL").click()
    settled(page)
    expect(page.get_by_text("elbo = -distortion", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="训练两个程序")).to_be_visible()
    page.wait_for_function("() => location.search.includes('mistake=no-kl')")

    page.goto("/experiments?model=digits-vae-2d&lang=zh")
    settled(page, 60)
    sentence = page.locator(".experiment-sentence")
    expect(sentence).to_contain_text("在相同的测试图像上：失真：普通自编码器为")
    expect(page.locator("img[alt*='隐空间']")).to_have_count(2)
    page.get_by_text("编码的大小").click()
    expect(page.get_by_role("button", name="训练它们")).to_be_visible()
    page.wait_for_function("() => location.search.includes('experiment=code-size')")
