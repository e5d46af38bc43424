"""What a hand does to the live table, and what the table says."""

import itertools
import json
import math
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from pages.parts.stage.example import COLUMNS, LOGIT_LIMIT, NAME_LENGTH, TEMPERATURES
from tests.browser.support import expect_no_sideways_scroll, expect_query, number, settle, visit

SEED = {  # base: categorical q1, Bernoulli q1
    "ln · nats": (0.6931, 1.2730),
    "log₁₀ · bans": (0.3010, 0.5528),
    "log₂ · bits": (1.0000, 1.8365),
}
PAGES_WITH_A_TABLE = ["/", "/softmax", "/two-forms", "/clipping"]


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


@contextmanager
def dragging(page, name):
    """Hold the slider called `name`; yields a function that moves it to a share of its length."""
    slider(page, name).scroll_into_view_if_needed()
    box = slider(page, name).bounding_box()
    middle = box["y"] + box["height"] / 2
    inner = box["width"] - 18  # the thumb's centre cannot leave the track

    def to(share):
        page.mouse.move(box["x"] + 9 + share * inner, middle)

    at = float(slider(page, name).evaluate("s => (s.value - s.min) / (s.max - s.min)"))
    to(at)
    page.mouse.down()
    yield to
    page.mouse.up()


def sent_by(page):
    """A list of the messages that the page sends from now on."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    return sent


@pytest.mark.parametrize("choice", SEED)
def test_the_seed_is_on_screen_to_four_digits_in_each_base(open_page, choice):
    page = open_page("/two-forms")
    page.get_by_role("button", name=choice).click()
    for quantity, expected in zip(("categorical", "bernoulli"), SEED[choice], strict=True):
        shown = page.locator(f'[data-quantity="{quantity}"][data-row="total"]')
        expect(shown).to_have_text(f"{expected:.4f}")
    settle(page)


@pytest.mark.parametrize("path", PAGES_WITH_A_TABLE)
def test_a_drag_is_painted_each_frame_and_sent_once_on_release(page, server, path):
    sent = sent_by(page)
    visit(page, server.url + path)
    before = len(sent)
    with dragging(page, "logit of dog") as to:
        for step in range(1, 11):
            to(0.5 + step / 25)
            page.evaluate("new Promise(requestAnimationFrame)")
            value = float(slider(page, "logit of dog").input_value())
            assert number(page, "logit", 1) == value
            logits = [number(page, "logit", i) for i in range(3)]
            share = math.exp(value) / sum(map(math.exp, logits))
            assert number(page, "probability", 1) == pytest.approx(share, rel=1e-12)
        assert len(sent) == before
    settle(page)
    assert len(sent) == before + 1


def test_a_preset_after_a_drag_takes_hold_and_the_drag_after_it_too(open_page):
    page = open_page("/")
    with dragging(page, "logit of cat") as to:
        to(0.9)
    settle(page)
    page.get_by_role("button", name="q2", exact=True).click()
    settle(page)
    assert number(page, "categorical") == pytest.approx(-math.log(0.8), rel=1e-12)
    with dragging(page, "logit of cat") as to:
        to(0.1)
    settle(page)
    assert number(page, "probability", 0) < 0.01


def test_presets_keep_their_exact_logits_beyond_the_sliders_step(open_page):
    page = open_page("/")
    assert number(page, "logit", 0) == math.log(0.5)
    with dragging(page, "logit of fox") as to:
        to(0.7)
    settle(page)
    assert number(page, "logit", 0) == math.log(0.5)


def test_log_of_zero_is_reached_shown_and_explained(open_page):
    page = open_page("/")
    page.get_by_role("button", name="Log of zero").click()
    settle(page)
    assert number(page, "logit", 0) == -math.inf
    assert number(page, "probability", 0) == 0
    assert number(page, "categorical") == math.inf
    expect(page.locator(".loss .number")).to_have_text("∞")
    expect(page.locator(".remark")).to_contain_text("cat is wanted, and has probability 0")


def test_dragging_a_target_keeps_the_sum_at_1(open_page):
    page = open_page("/?p=0.5,0.3,0.2")
    with dragging(page, "target of cat") as to:
        for share in (0.8, 0.31, 1, 0, 0.47):
            to(share)
            page.evaluate("new Promise(requestAnimationFrame)")
            targets = [number(page, "target", i) for i in range(3)]
            assert sum(targets) == pytest.approx(1, abs=1e-12)
            assert targets[0] == pytest.approx(share, abs=0.02)
    settle(page)


def test_a_click_on_a_class_makes_it_the_target(open_page):
    page = open_page("/?p=0.2,0.3,0.5")
    page.get_by_role("button", name="dog", exact=True).click()
    assert [number(page, "target", i) for i in range(3)] == [0, 1, 0]
    settle(page)


def test_classes_are_added_removed_renamed_and_reset(open_page):
    page = open_page("/")
    page.get_by_role("button", name="Edit classes").click()
    for count in range(4, 11):
        page.get_by_role("button", name="Add a class").click()
        expect(page.locator(".classes tbody tr")).to_have_count(count)
    assert page.get_by_role("button", name="Add a class").count() == 0
    page.get_by_label("Name of class 2").fill("  wolf, grey ")
    page.get_by_label("Name of class 2").press("Enter")
    for count in range(9, 1, -1):
        page.get_by_role("button", name="Remove class 1", exact=True).click()
        expect(page.locator(".classes tbody tr")).to_have_count(count)
        assert sum(number(page, "target", i) for i in range(count)) == pytest.approx(1, abs=1e-12)
        if count == 9:
            assert page.get_by_label("Name of class 1").input_value() == "wolf, grey"
    assert page.get_by_role("button", name="Remove class 1", exact=True).is_disabled()
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".classes tbody th")).to_have_text(["cat", "dog", "fox"])
    assert number(page, "categorical") == math.log(2)
    settle(page)


def test_a_typed_value_is_taken_exactly_and_a_bad_one_gets_a_sentence(open_page):
    page = open_page("/")
    box = page.get_by_label("logit of cat, typed")
    box.fill("1234.5678")
    box.press("Enter")
    assert number(page, "logit", 0) == 1234.5678
    for bad in ("abc", "1e999", "nan", "", "2000000"):
        box.press("Control+a")
        box.press("Delete")
        page.keyboard.type(bad)
        page.keyboard.press("Enter")
        said = f"“{bad}” was not taken. Expected a logit from −10⁶ to 10⁶, or −∞."
        expect(page.locator(".remark")).to_have_text(said)
        assert number(page, "logit", 0) == 1234.5678
    for text, logit in (("0,125", 0.125), ("−inf", -math.inf)):
        box.fill(text)
        box.press("Enter")
        assert number(page, "logit", 0) == logit
    settle(page)


def test_the_arrow_keys_move_a_slider(open_page):
    page = open_page("/?z=0,0,0")
    slider(page, "logit of dog").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert number(page, "logit", 1) == pytest.approx(0.03)
    page.keyboard.press("End")
    assert number(page, "logit", 1) == 10
    settle(page)


def test_a_change_is_spoken(open_page):
    page = open_page("/?z=0,0,0")
    slider(page, "logit of cat").focus()
    page.keyboard.press("Home")
    expect(page.locator("[aria-live=polite]")).to_have_text("categorical loss 10.6932 nats")
    settle(page)
    page.get_by_role("button", name="q2", exact=True).click()  # by Python
    expect(page.locator("[aria-live=polite]")).to_have_text("categorical loss 0.2231 nats")


def test_without_a_loss_the_likeliest_class_is_spoken(open_page):
    page = open_page("/softmax")
    slider(page, "logit of fox").focus()
    page.keyboard.press("Home")
    expect(page.locator("[aria-live=polite]")).to_have_text("probability of cat 0.7142")
    settle(page)


def test_moving_all_logits_together_moves_no_probability(open_page):
    page = open_page("/softmax")
    with dragging(page, "mean of the logits") as to:
        to(0.8)
        page.evaluate("new Promise(requestAnimationFrame)")
    assert abs(number(page, "mean")) > 20
    for i, q in enumerate((0.5, 0.2, 0.3)):
        assert number(page, "probability", i) == pytest.approx(q, rel=1e-12)
    settle(page)


def test_naive_softmax_overflows_in_float16_and_the_page_says_why(open_page):
    page = open_page("/softmax?z=12,11,9&precision=float16")
    assert number(page, "exp", 0) == math.inf
    assert math.isnan(number(page, "naive", 0))
    assert number(page, "shifted", 0) == pytest.approx(0.7, abs=0.01)
    expect(page.locator(".remark")).to_contain_text("65504, the largest float16")


def test_the_formula_of_softmax_holds_the_numbers_of_its_columns(open_page):
    page = open_page("/softmax?z=12,11,9")
    formula = page.locator(".formula")
    expect(formula).to_have_text("q of cat = 162754.8 ⁄ ( 162754.8 + 59874.14 + 8103.084 ) = 0.7054")
    page.get_by_role("button", name="float16").click()
    expect(formula).to_have_text("shifted by the largest logit, q of cat = 1 ⁄ ( 1 + 0.368 + 0.050 ) = 0.7051")
    settle(page)


def test_a_precision_that_rounds_the_logits_says_so(open_page):
    page = open_page("/softmax?z=1500.3,1500,1499.6&precision=float16")
    expect(page.locator(".remark")).to_contain_text("An exponential exceeded 65504")
    page = open_page("/softmax?z=-9.0037,-9.0041&precision=float16")
    expect(page.locator(".remark")).to_have_text("float16 rounds the logits: dog's −9.0041 became −9.0078.")


def test_a_factor_near_1_stands_in_parentheses(open_page):
    page = open_page("/two-forms?z=10,0,0")
    expect(page.locator(".formula")).to_contain_text("1·ln (1 − 9.08·10⁻⁵) + 0·ln 4.54·10⁻⁵")


def test_only_the_floor_is_left_where_q_equals_p(open_page):
    page = open_page("/two-forms")
    for base in ("ln · nats", "log₂ · bits"):
        page.get_by_role("button", name="q = p", exact=True).click()
        settle(page)
        page.get_by_role("button", name=base).click()
        assert (number(page, "divergence"), number(page, "excess")) == (0, 0)
        settle(page)


def test_the_point_on_the_curve_reaches_both_ends(open_page):
    page = open_page("/two-forms?p=0.5,0.5,0")
    for share in (0, 1):
        with dragging(page, "probability of cat") as to:
            to(0.5)
            to(share)
            page.evaluate("new Promise(requestAnimationFrame)")
        settle(page)
        assert number(page, "probability", 0) == share
        assert number(page, "categorical") == math.inf


def test_dragging_q_keeps_the_ratios_of_the_others(open_page):
    page = open_page("/two-forms")
    with dragging(page, "probability of cat") as to:
        for share in (0.1, 0.9, 1, 0.25):
            to(share)
            page.evaluate("new Promise(requestAnimationFrame)")
    assert number(page, "probability", 0) == pytest.approx(0.25, abs=0.01)
    assert number(page, "probability", 1) / number(page, "probability", 2) == pytest.approx(2 / 3, rel=1e-9)
    settle(page)


def test_label_smoothing_spreads_the_target(open_page):
    page = open_page("/two-forms")
    box = page.get_by_label("label smoothing, typed")
    box.fill("0.3")
    box.press("Enter")
    assert [number(page, "target", i) for i in range(3)] == pytest.approx([0.8, 0.1, 0.1], rel=1e-12)
    settle(page)


@pytest.mark.parametrize(("low", "threshold"), [("1e-10", 23.03), ("1e-7", 16.12)])
@pytest.mark.parametrize("classes", [2, 10])
def test_beyond_the_threshold_the_clipped_loss_is_flat_and_its_gradient_exactly_0(open_page, low, threshold, classes):
    page = open_page(f"/clipping?z={','.join('0' * classes)}&low={low}")
    box = page.get_by_label("logit gap of the target, typed")
    for gap, dead in ((-threshold - 0.01, True), (-threshold + 0.02, False), (-40, True)):
        box.fill(str(gap))
        box.press("Enter")
        assert number(page, "gap") == pytest.approx(gap, abs=1e-9)
        assert (number(page, "clipped_gradient") == 0) == dead
        if dead:
            assert number(page, "clipped_categorical") == pytest.approx(-math.log(float(low)), rel=1e-12)
        assert number(page, "fused_gradient") == pytest.approx(-1, abs=1e-6)
    settle(page)


def test_clipping_names_the_loss_it_caps_and_the_one_it_does_not(open_page):
    page = open_page("/clipping?z=-28,0,-1")
    expect(page.locator(".losses")).to_have_text("clippedL = 23.0259 natsfusedL = 28.3133 nats")


def test_in_float16_the_clipped_formula_is_nan_for_a_right_prediction(open_page):
    page = open_page("/clipping?z=12,-8,-9&precision=float16")
    assert math.isnan(number(page, "clipped_categorical"))
    assert number(page, "fused_categorical") == 0
    expect(page.locator(".remark")).to_contain_text("rounds 1e-10 to 0")


def test_the_upper_bound_decides_the_bernoulli_form_only(open_page):
    page = open_page(f"/clipping?z=40,0,-1&precision=float32&high={1 - 1e-10}")
    assert math.isnan(number(page, "clipped_bernoulli"))
    assert number(page, "clipped_categorical") == 0
    page = open_page(f"/clipping?z=40,0,-1&precision=float32&low=1e-7&high={1 - 1e-7}")
    assert math.isfinite(number(page, "clipped_bernoulli"))


def test_the_points_on_the_clipping_curves_move_while_dragging(open_page):
    page = open_page("/clipping")
    mark = page.locator("circle.point.clipped.loss")
    with dragging(page, "logit gap of the target") as to:
        seen = set()
        for share in (0.6, 0.5, 0.4, 0.3):
            to(share)
            page.evaluate("new Promise(requestAnimationFrame)")
            seen.add((mark.get_attribute("cx"), mark.get_attribute("cy")))
        assert len(seen) == 4
    settle(page)


def test_markup_in_a_name_is_text(open_page):
    name = "<img src=x onerror=a()>"
    page = open_page("/two-forms?names=" + json.dumps(name).strip('"').replace(" ", "%20") + ",b,c")
    expect(page.locator(".classes tbody th button").first).to_have_text(name)
    assert page.locator(".classes tbody img, figcaption img").count() == 0


def test_a_column_is_one_click_away_and_stays_in_the_address(open_page):
    page = open_page("/")
    page.get_by_role("button", name="gradient").click()
    assert [number(page, "gradient", i) for i in range(3)] == pytest.approx([-0.5, 0.2, 0.3], rel=1e-12)
    expect_query(page, {"show": "logit,probability,target,gradient"})
    settle(page)


def test_a_finger_on_the_curve_takes_the_point_along(open_page):
    page = open_page("/clipping")
    curve = page.locator("svg.curve").first
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 60)
    page.evaluate("new Promise(requestAnimationFrame)")
    assert number(page, "gap") < -40
    assert number(page, "clipped_gradient") == 0
    page.mouse.up()
    settle(page)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"), (1, "1.0000"), (0.69314718, "0.6931"), (-1.5, "−1.5000"), (math.inf, "∞"), (-math.inf, "−∞"),
        (math.nan, "nan"), (1e-10, "1.00·10⁻¹⁰"), (0.00009999, "1.00·10⁻⁴"), (0.0001, "0.0001"), (59872, "59872.00"),
        (123456.7891, "123456.8"), (999999.96, "1.00·10⁶"), (2.5e6, "2.50·10⁶"), (-3e-7, "−3.00·10⁻⁷"),
    ],
)  # fmt: skip
def test_a_number_shows_right_to_its_last_digit_and_never_as_0_unless_it_is(script_page, value, shown):
    assert script_page.evaluate("x => live.format(x)", value) == shown


def test_nothing_scrolls_sideways_and_the_loss_stays_in_view_on_a_phone(new_page, server):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for path in PAGES_WITH_A_TABLE:
        visit(page, server.url + path)
        page.locator(".classes").wait_for()
        expect_no_sideways_scroll(page)
    visit(page, server.url + "/two-forms")
    loss = page.locator(".losses")
    loss.wait_for()
    assert loss.bounding_box()["y"] + loss.bounding_box()["height"] <= 844


def typed(page, label, text):
    box = page.get_by_label(f"{label}, typed")
    box.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("path", "label", "text", "said"),
    [
        ("/?z=-inf,2,-inf", "logit of dog", "-inf", "at least one logit must stay finite"),
        ("/softmax?z=900000,0,0", "mean of the logits", "900000", "a logit would leave the range"),
        ("/clipping?t=20", "logit gap of the target", "-2000000", "a logit would leave the range"),
    ],
)
def test_what_python_would_refuse_is_not_taken_and_says_why(open_page, path, label, text, said):
    page = open_page(path)
    assert math.isfinite(number(page, "logit", 1))
    before = page.locator("[data-quantity=logit]").evaluate_all("all => all.map(one => one.dataset.value)")
    typed(page, label, text)
    expect(page.locator(".remark")).to_contain_text(said)
    assert page.locator("[data-quantity=logit]").evaluate_all("all => all.map(one => one.dataset.value)") == before


def test_a_name_with_odd_spaces_and_signs_survives_a_change_by_python(open_page):
    page = open_page("/")
    page.get_by_role("button", name="Edit classes").click()
    page.get_by_label("Name of class 1").fill("猫\u3000犬\u00a0x\u200b")
    page.get_by_label("Name of class 1").press("Enter")
    page.get_by_role("button", name="Done").click()
    typed(page, "logit of dog", "5")
    settle(page)
    page.get_by_role("button", name="Projector view").click()
    settle(page)
    assert number(page, "logit", 1) == 5
    expect(page.locator(".classes tbody th button").first).to_have_text("猫 犬 x")


def test_targets_dragged_to_the_end_and_back_sum_to_1(script_page):
    targets = script_page.evaluate(
        "live.with_target({targets: [0.99999999, 0.00000001, 0]}, 0, 0.5).targets",
    )
    assert math.fsum(targets) == pytest.approx(1, abs=1e-15)


def test_a_slider_shows_minus_infinity_at_its_lower_end(open_page):
    page = open_page("/?q=0,0.7,0.3")
    assert float(slider(page, "logit of cat").input_value()) == -10


def test_q_to_1_and_back_keeps_the_ratios_of_the_others(open_page):
    page = open_page("/two-forms")
    for share in (1, 0.4):
        with dragging(page, "probability of cat") as to:
            to(share)
        settle(page)
    assert number(page, "probability", 1) / number(page, "probability", 2) == pytest.approx(2 / 3, rel=1e-9)


def test_a_temperature_left_over_is_shown_on_a_page_without_its_control(open_page):
    assert open_page("/").get_by_role("slider", name="temperature").count() == 0
    assert number(open_page("/?t=0.5"), "temperature") == 0.5


def test_focus_stays_on_a_chip_that_was_pressed(open_page):
    page = open_page("/")
    page.get_by_role("button", name="exponential").focus()
    page.keyboard.press("Enter")
    page.evaluate("new Promise(requestAnimationFrame)")
    focused = "document.activeElement.shadowRoot?.activeElement?.textContent ?? document.activeElement.tagName"
    assert page.evaluate(focused) == "exponential"
    settle(page)


def test_with_soft_targets_the_plateau_is_not_called_flat(open_page):
    page = open_page("/clipping?z=-28,0,-1&p=0.7,0.2,0.1")
    expect(page.locator(".remark")).to_contain_text("only the other classes still pull")
    assert page.locator("rect.dead").count() == 0


@pytest.mark.parametrize("path", PAGES_WITH_A_TABLE)
def test_a_projector_shows_the_whole_picture(open_page, path):
    page = open_page(f"{path}?present=1")
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        for part in page.locator(".live :is(.classes, .losses, .formula, figure)").filter(visible=True).all():
            box = part.bounding_box()
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= height


def test_the_browser_takes_what_an_address_may_hold(script_page):
    assert script_page.evaluate("live.LIMITS") == {
        "logit": LOGIT_LIMIT,
        "temperature": list(TEMPERATURES),
        "name": NAME_LENGTH,
    }


def test_a_finger_that_scrolls_the_page_changes_nothing(new_page, server):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visit(page, server.url + "/clipping")
    touch = page.context.new_cdp_session(page)
    for target in (page.locator("svg.curve").first, slider(page, "logit of cat")):
        target.scroll_into_view_if_needed()
        box, before = target.bounding_box(), number(page, "logit", 0)
        x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 12):
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 12 * step}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(300)
        assert number(page, "logit", 0) == before
    settle(page)


@pytest.mark.parametrize("show", ["", "show=" + ",".join(COLUMNS)])
def test_no_width_squeezes_the_table(open_page, show):
    page = open_page(f"/two-forms?{show}")
    for width in (660, 900, 1100, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        expect_no_sideways_scroll(page)
        assert page.locator(".classes input[type=range]").first.bounding_box()["width"] > 50
        first = ".classes tbody tr:first-child"
        boxes = [cell.bounding_box() for cell in page.locator(f"{first} td .number, {first} .box").all()]
        for one, other in itertools.pairwise(boxes):
            assert one["x"] + one["width"] <= other["x"] + 1 or one["y"] + one["height"] <= other["y"] + 1
