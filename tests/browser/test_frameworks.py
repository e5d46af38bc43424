"""The rows of the Frameworks page open in the browser alone, without the server."""

from playwright.sync_api import expect

from tests.browser.support import expect_no_sideways_scroll, expect_query, settle, visit

ROW = ".calls details:not([hidden])"


def open_rows(page):
    return page.locator(f"{ROW}[open] > summary code").all_inner_texts()


def test_a_row_opens_to_its_formula_and_stays_open_alone_whatever_is_filtered(open_page):
    page = open_page("/frameworks")
    page.locator(ROW, has_text="torch.nn.functional.cross_entropy(z, p)").first.locator("summary").click()
    opened = page.locator(f"{ROW}[open]")
    expect(opened.locator(".katex").first).to_be_visible()
    expect(opened.locator("dl")).to_contain_text("aten/src/ATen/native/LossNLL.cpp")
    assert open_rows(page) == ["cross_entropy(z, p)"]
    for name in ("Classic mistakes", "Soft targets"):  # rows above it go
        page.get_by_text(name, exact=True).click()
        settle(page)
        assert open_rows(page) == ["cross_entropy(z, p)"]


def test_a_row_opens_by_the_keyboard(open_page):
    page = open_page("/frameworks")
    page.locator(f"{ROW} > summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROW}[open] dl")).to_be_visible()


def test_on_a_phone_every_switch_is_seen_whole(new_page, server):
    page = new_page(viewport={"width": 320, "height": 700}, has_touch=True)
    visit(page, server.url + "/frameworks")
    expect(page.get_by_role("radio", name="take probabilities")).to_be_visible()
    rights = [box["x"] + box["width"] for box in (radio.bounding_box() for radio in page.get_by_role("radio").all())]
    assert max(rights) <= 320 - 16


def test_on_a_phone_nothing_scrolls_sideways_with_every_row_open(new_page, server):
    page = new_page(viewport={"width": 320, "height": 700}, has_touch=True)
    visit(page, server.url + "/frameworks?z=-1234.5678,65432.1,0.001,-1e-9,1e6,-1e6,3,4,5,6&t=0.07")
    page.wait_for_function(  # the rows may be drawn anew while formulas load
        """() => {
            const rows = [...document.querySelectorAll('.calls details')];
            rows.forEach(row => { row.open = true; });
            return rows.length > 0 && document.querySelectorAll('.calls .katex').length >= rows.length;
        }"""
    )
    expect(page.locator(f"{ROW} .katex").last).to_be_visible()
    expect_no_sideways_scroll(page)


def test_the_address_keeps_the_example(open_page):
    page = open_page("/frameworks?z=2,1,0.1&base=2")
    page.get_by_text("Multi-hot", exact=True).click()
    settle(page)
    expect_query(page, {"z": "2,1,0.1", "base": "2"})
