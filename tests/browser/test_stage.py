"""The stage as a hand meets it: what every page promises, its sliders, boxes, switches, columns and classes."""

import itertools
import json
import math

import pytest
from playwright.sync_api import expect

from pages.parts.stage.address import LOGIT_LIMIT, MAXIMUM_CLASSES, NAME_LENGTH, RATES, TEMPERATURES
from pages.parts.stage.example import COLUMNS
from tests.browser.support import (
    STAGES,
    TABLES,
    act,
    box,
    drag,
    dragging,
    each_state,
    expect_no_sideways_scroll,
    expect_query,
    frame,
    number,
    numbers,
    open_settings,
    resize,
    settle,
    slider,
    stage,
    steps,
    type_in,
    visit_stage,
    waits,
)

SEED = {  # base: categorical q1, Bernoulli q1
    "ln · nats": (0.6931, 1.2730),
    "log₁₀ · bans": (0.3010, 0.5528),
    "log₂ · bits": (1.0000, 1.8365),
}
SPOKEN = ".stage [aria-live=polite]"
TOLD = "[data-part=loss] .why"  # remarks and complaints, on a wide stage


@pytest.mark.parametrize("path", STAGES)
def test_at_every_step_numbers_stand_once_parts_are_named_and_shuffled_choices_keep_their_numbers(
    laptop_page, server, path
):
    visit_stage(laptop_page, server.url + path)
    parts = laptop_page.locator("[data-part]").evaluate_all("all => all.map(one => one.dataset.part)")
    assert sorted(set(parts) & {"stage", "story", "picture", "loss"}) == ["loss", "picture", "stage", "story"]
    last, orders = steps(laptop_page), []
    for step, waiting in each_state(laptop_page):
        expect_numbers_once(laptop_page, step)
        if path in TABLES:
            assert laptop_page.locator("[data-part=task]").count() == (step == last)
        choices = laptop_page.locator("[data-choice]")
        if waiting and choices.count():
            orders.append(choices.evaluate_all("all => all.map(one => one.dataset.choice)"))
            assert sorted(orders[-1]) == [str(k) for k in range(len(orders[-1]))], step
    assert not orders or any(shown[0] != "0" for shown in orders)


def expect_numbers_once(page, step):
    """Each number of the stage has a value and a name of its own; a table's rows are its classes."""
    found = page.locator("[data-quantity]").evaluate_all(
        "all => all.map(({ dataset }) => [dataset.quantity, dataset.row, dataset.value])"
    )
    assert found
    assert all(value is not None for *_, value in found), step
    names = [(quantity, row) for quantity, row, _ in found]
    assert len(names) == len(set(names)), f"twice at step {step}"
    if classes := page.locator("input[type=range].logit").count():
        assert {row for _, row in names} <= {"total", *map(str, range(classes))}


@pytest.mark.parametrize("choice", SEED)
def test_the_seed_is_on_screen_to_four_digits_in_each_base(open_stage, choice):
    page = open_stage("/two-forms")
    page.get_by_role("button", name=choice).click()
    for quantity, expected in zip(("categorical", "bernoulli"), SEED[choice], strict=True):
        shown = page.locator(f'[data-quantity="{quantity}"][data-row="total"]')
        expect(shown).to_have_text(f"{expected:.4f}")


@pytest.mark.parametrize("path", TABLES)
def test_a_drag_is_painted_in_each_frame_and_never_eased(open_stage, path):
    page = open_stage(path)
    with dragging(page, "logit of dog") as to:
        for step in range(1, 9):
            to(0.5 + step / 25)
            assert stage(page).get_attribute("data-moving") == "false"
            value = float(slider(page, "logit of dog").input_value())
            assert number(page, "logit", 1) == value
            share = math.exp(value) / math.fsum(map(math.exp, numbers(page, "logit")))
            assert number(page, "probability", 1) == pytest.approx(share, rel=1e-12)


def test_an_exact_logit_stays_beyond_the_sliders_step(open_stage):
    page = open_stage()
    assert number(page, "logit", 0) == math.log(0.5)
    drag(page, "logit of fox", 0.7)
    assert number(page, "logit", 0) == math.log(0.5)


def test_log_of_zero_is_reached_shown_and_explained(open_stage):
    page = open_stage()
    type_in(page, "logit of cat", "-inf")
    assert number(page, "logit", 0) == -math.inf
    assert number(page, "probability", 0) == 0
    assert number(page, "categorical") == math.inf
    expect(page.locator("[data-quantity=categorical][data-row=total]")).to_have_text("∞")
    expect(page.locator(TOLD)).to_contain_text("cat is wanted, and has probability 0")


def test_dragging_a_target_keeps_the_sum_at_1(open_stage):
    page = open_stage("/?p=0.5,0.3,0.2")
    with dragging(page, "target of cat") as to:
        for share in (0.8, 0.31, 1, 0, 0.47):
            to(share)
            targets = numbers(page, "target")
            assert math.fsum(targets) == pytest.approx(1, abs=1e-12)
            assert targets[0] == pytest.approx(share, abs=0.02)
    assert targets[1] / targets[2] == pytest.approx(1.5, rel=1e-9)


def test_a_click_on_a_class_makes_it_the_target(open_stage):
    page = open_stage("/?p=0.2,0.3,0.5")
    page.get_by_role("button", name="dog", exact=True).click()
    assert numbers(page, "target") == [0, 1, 0]


def test_classes_are_added_removed_renamed_and_reset(open_stage):
    page = open_stage()
    panel = open_settings(page)
    logits = page.locator("input[type=range].logit")
    for count in range(4, MAXIMUM_CLASSES + 1):
        panel.get_by_role("button", name="Add a class").click()
        expect(logits).to_have_count(count)
    expect(panel.get_by_role("button", name="Add a class")).to_be_disabled()
    name = panel.get_by_label("Name of class 2", exact=True)
    name.fill("  wolf, grey ")
    name.press("Enter")
    for count in range(MAXIMUM_CLASSES - 1, 1, -1):
        panel.get_by_role("button", name="Remove class 1", exact=True).click()
        expect(logits).to_have_count(count)
        assert math.fsum(numbers(page, "target")) == pytest.approx(1, abs=1e-12)
        if count == MAXIMUM_CLASSES - 1:
            assert panel.get_by_label("Name of class 1", exact=True).input_value() == "wolf, grey"
    expect(panel.get_by_role("button", name="Remove class 1", exact=True)).to_be_disabled()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    act(page, "reset")
    expect(page.get_by_role("rowheader").first).to_have_text("cat")
    assert number(page, "categorical") == math.log(2)


def test_a_class_without_a_name_is_not_taken(open_stage):
    page = open_stage()
    name = open_settings(page).get_by_label("Name of class 1", exact=True)
    name.fill("  ")
    name.press("Enter")
    expect(page.locator(TOLD)).to_contain_text("A class without a name was not taken.")
    expect(name).to_have_value("cat")


def test_a_typed_value_is_taken_exactly_and_a_bad_one_gets_a_sentence(open_stage):
    page = open_stage()
    type_in(page, "logit of cat", "1234.5678")
    assert number(page, "logit", 0) == 1234.5678
    for bad in ("abc", "1e999", "nan", "", "2000000", "1,000"):
        type_in(page, "logit of cat", bad)
        said = f"“{bad}” was not taken. Expected a logit from −10⁶ to 10⁶, or −∞."
        expect(page.locator(TOLD)).to_have_text(said)
        assert number(page, "logit", 0) == 1234.5678
    for text, logit in (("0,125", 0.125), ("−inf", -math.inf)):
        type_in(page, "logit of cat", text)
        assert number(page, "logit", 0) == logit


def test_a_box_that_is_left_as_it_was_changes_nothing(open_stage):
    page = open_stage("/?q=0.123456789,0.8,0.076543211")
    before = numbers(page, "logit")
    box(page, "logit of cat").click()
    page.keyboard.press("Enter")
    assert numbers(page, "logit") == before


def test_the_arrow_keys_move_a_slider(open_stage):
    page = open_stage("/?z=0,0,0")
    slider(page, "logit of dog").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert number(page, "logit", 1) == pytest.approx(0.03)
    page.keyboard.press("End")
    assert number(page, "logit", 1) == float(slider(page, "logit of dog").get_attribute("max"))


def test_a_change_is_spoken(open_stage):
    page = open_stage("/two-forms?z=0,0,0")
    slider(page, "logit of cat").focus()
    page.keyboard.press("Home")
    expect(page.locator(SPOKEN)).to_have_text("categorical loss 10.6932, Bernoulli loss 12.0794 nats")
    page.keyboard.press("End")
    expect(page.locator(SPOKEN)).to_contain_text("categorical loss 9.08·10⁻⁵")
    act(page, "undo")
    expect(page.locator(SPOKEN)).to_contain_text("categorical loss 10.6932,")


def test_moving_all_logits_together_moves_no_probability(open_stage):
    page = open_stage("/softmax")
    drag(page, "mean of the logits", 0.8)
    assert abs(number(page, "mean")) > 20
    assert numbers(page, "probability") == pytest.approx([0.5, 0.2, 0.3], rel=1e-12)


def test_naive_softmax_overflows_in_float16_and_the_page_says_why(open_stage):
    page = open_stage("/softmax?z=12,11,9&precision=float16&show=logit,exp,naive,shifted,probability")
    assert number(page, "exp", 0) == math.inf
    assert math.isnan(number(page, "naive", 0))
    assert number(page, "shifted", 0) == pytest.approx(0.7, abs=0.01)
    expect(page.locator(TOLD)).to_contain_text("65504, the largest float16")


def test_a_precision_that_rounds_the_logits_says_so(open_stage):
    page = open_stage("/softmax?z=1500.3,1500,1499.6&precision=float16")
    expect(page.locator(TOLD)).to_contain_text("An exponential exceeded 65504")
    page = open_stage("/softmax?z=-9.0037,-9.0041&precision=float16")
    expect(page.locator(TOLD)).to_have_text("float16 rounds the logits: dog’s −9.0041 became −9.0078.")


def test_what_the_loss_is_made_of_stands_under_it_with_its_numbers_without_zeros_where_the_line_is_too_short(
    open_stage,
):
    made_of = "[data-part=loss] .how"
    expect(open_stage("/").locator(made_of)).to_have_text("= −(1·ln 0.5 + 0·ln 0.2 + 0·ln 0.3)")
    page = open_stage("/two-forms?z=10,0,0")
    expect(page.locator(made_of).first).to_have_text("= −1·ln (1 − 9.08·10⁻⁵)")


def test_label_smoothing_spreads_the_target_by_either_convention(open_stage):
    page = open_stage("/two-forms")
    type_in(page, "label smoothing", "0.3")
    assert numbers(page, "target") == pytest.approx([0.8, 0.1, 0.1], rel=1e-12)
    page.get_by_role("button", name="a ⁄ (n−1)").click()
    assert numbers(page, "target") == pytest.approx([0.7, 0.15, 0.15], rel=1e-12)


def test_a_pages_missing_switches_are_in_its_settings(open_stage):
    page = open_stage("/")
    panel = open_settings(page)
    panel.get_by_role("button", name="float16").click()
    expect(panel.get_by_role("button", name="float16")).to_have_attribute("aria-pressed", "true")
    type_in(page, "temperature", "2")
    assert number(page, "temperature") == 2
    type_in(page, "low bound", "1e-7")
    type_in(page, "high bound", "0.9")
    assert (number(page, "low"), number(page, "high")) == (1e-7, 0.9)
    type_in(page, "high bound", "1e-8")
    assert number(page, "high") == 0.9
    expect_query(page, {
        "z": ",".join(str(math.log(q)) for q in (0.5, 0.2, 0.3)), "precision": "float16", "t": "2", "low": "1e-7",
        "high": "0.9",
    })  # fmt: skip


@pytest.mark.parametrize(("low", "threshold"), [("1e-10", 23.03), ("1e-7", 16.12)])
@pytest.mark.parametrize("classes", [2, 10])
def test_beyond_the_threshold_the_clipped_loss_is_flat_and_its_gradient_exactly_0(open_stage, low, threshold, classes):
    page = open_stage(f"/clipping?z={','.join('0' * classes)}&low={low}")
    for gap, dead in ((-threshold - 0.01, True), (-threshold + 0.02, False), (-40, True)):
        type_in(page, "logit gap of the target", str(gap))
        assert number(page, "gap") == pytest.approx(gap, abs=1e-9)
        assert (number(page, "clipped_gradient") == 0) == dead
        if dead:
            assert number(page, "clipped_categorical") == pytest.approx(-math.log(float(low)), rel=1e-12)
        assert number(page, "fused_gradient") == pytest.approx(-1, abs=1e-6)


def test_in_float16_the_clipped_formula_is_nan_for_a_right_prediction(open_stage):
    page = open_stage("/clipping?z=12,-8,-9&precision=float16")
    assert math.isnan(number(page, "clipped_categorical"))
    assert number(page, "fused_categorical") == 0
    expect(page.locator(TOLD)).to_contain_text("rounds 1e-10 to 0")


def test_the_upper_bound_decides_the_bernoulli_form_only(open_stage):
    page = open_stage(f"/clipping?z=40,0,-1&precision=float32&high={1 - 1e-10}")
    assert math.isnan(number(page, "clipped_bernoulli"))
    assert number(page, "clipped_categorical") == 0
    page = open_stage(f"/clipping?z=40,0,-1&precision=float32&low=1e-7&high={1 - 1e-7}")
    assert math.isfinite(number(page, "clipped_bernoulli"))


def test_with_soft_targets_the_plateau_is_not_called_flat(open_stage):
    page = open_stage("/clipping?z=-28,0,-1&p=0.7,0.2,0.1")
    expect(page.locator(TOLD)).to_contain_text("only the other classes pull")
    assert page.locator("rect.dead").count() == 0


def test_the_points_on_the_curves_move_while_dragging(open_stage):
    page = open_stage("/clipping")
    seen = set()
    with dragging(page, "logit gap of the target") as to:
        for share in (0.7, 0.6, 0.5, 0.4):
            to(share)
            mark = page.locator("[data-chart=loss] circle.point.clipped")
            seen.add((mark.get_attribute("cx"), mark.get_attribute("cy")))
    assert len(seen) == 4


@pytest.mark.parametrize("path", ["/", "/softmax", "/two-forms", "/clipping"])
def test_a_hand_on_a_curve_takes_its_point_along(open_stage, path):
    page = open_stage(path + ("?step=7" if path == "/softmax" else ""))
    before = numbers(page, "logit")
    where = page.locator(".chart.looked-at svg path.line").first.bounding_box()
    frame = page.locator(".chart.looked-at .frame svg").bounding_box()
    y = frame["y"] + frame["height"] / 2
    page.mouse.move(where["x"] + where["width"] * 0.5, y)
    page.mouse.down()
    losses = []
    for share in (0.4, 0.3, 0.25):
        page.mouse.move(where["x"] + where["width"] * share, y)
        losses.append(number(page, "categorical"))
    page.mouse.up()
    assert losses == sorted(losses)
    assert losses[0] < losses[-1]
    assert numbers(page, "logit")[0] < before[0]
    assert numbers(page, "logit")[1:] == before[1:]


def test_markup_in_a_name_is_text(open_stage):
    name = "<img src=x onerror=a()>"
    page = open_stage("/two-forms?names=" + json.dumps(name).strip('"').replace(" ", "%20") + ",b,c")
    expect(page.get_by_role("rowheader").first).to_have_text(name)
    assert page.locator(".stage img").count() == 0


def test_a_column_is_one_press_away_keeps_the_focus_and_stays_in_the_address(open_stage):
    page = open_stage("/")
    chip = open_settings(page).get_by_role("button", name="gradient")
    chip.focus()
    page.keyboard.press("Enter")
    assert numbers(page, "gradient") == pytest.approx([-0.5, 0.2, 0.3], rel=1e-12)
    focused = "document.activeElement.shadowRoot?.activeElement?.textContent"
    assert page.evaluate(focused) == "gradient"
    expect_query(page, {"show": "logit,probability,target,gradient"})


@pytest.mark.parametrize(
    ("path", "name", "text", "said"),
    [
        ("/?z=-inf,2,-inf", "logit of dog", "-inf", "at least one logit must stay finite"),
        ("/softmax?z=900000,0,0", "mean of the logits", "900000", "a logit would leave the range"),
        ("/clipping?t=20", "logit gap of the target", "-2000000", "a logit would leave the range"),
    ],
)
def test_what_python_would_refuse_is_not_taken_and_says_why(open_stage, path, name, text, said):
    page = open_stage(path)
    before = numbers(page, "logit")
    type_in(page, name, text)
    expect(page.locator(TOLD)).to_contain_text(said)
    assert numbers(page, "logit") == before


def test_a_name_with_odd_spaces_and_signs_is_taken_as_an_address_takes_it(open_stage):
    page = open_stage("/")
    name = open_settings(page).get_by_label("Name of class 1", exact=True)
    name.fill("猫\u3000犬\u00a0x\u200b")
    name.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("rowheader").first).to_have_text("猫 犬 x")
    page.reload()
    expect(page.get_by_role("rowheader").first).to_have_text("猫 犬 x")
    settle(page)


def test_a_slider_shows_minus_infinity_at_its_lower_end(open_stage):
    page = open_stage("/?q=0,0.7,0.3")
    cat = slider(page, "logit of cat")
    assert cat.input_value() == cat.get_attribute("min")
    expect(cat).to_have_attribute("aria-valuetext", "−∞")


def test_the_point_dragged_to_an_end_and_back_keeps_the_ratios_of_the_others(open_stage):
    page = open_stage("/")
    where = page.locator("[data-chart=cost] svg").bounding_box()
    y = where["y"] + where["height"] / 2
    for share in (0.99, 0.6):
        page.mouse.move(where["x"] + where["width"] * 0.5, y)
        page.mouse.down()
        page.mouse.move(where["x"] + where["width"] * share, y)
        frame(page)
        page.mouse.up()
    q = numbers(page, "probability")
    assert q[1] / q[2] == pytest.approx(2 / 3, rel=1e-9)


def test_hiding_the_loss_hides_its_number_and_the_answers_and_shows_them_again(open_stage):
    page = open_stage("/?step=2")
    page.locator("[data-choice='0']").click()
    verdict = page.locator(f"{TOLD} .verdict")
    expect(verdict).to_be_visible()
    loss = page.locator("[data-quantity=categorical][data-row=total]")
    act(page, "hide")
    expect(loss).to_have_text("?")
    expect(verdict).to_have_count(0)
    expect_query(page, {"step": "2", "hide": "1"})
    act(page, "hide")
    expect(loss).to_have_text("0.6931")
    expect(verdict).to_be_visible()


@pytest.mark.parametrize("show", ["", "show=" + ",".join(COLUMNS)])
def test_no_width_squeezes_the_table(new_page, server, show):
    page = new_page()
    visit_stage(page, f"{server.url}/two-forms?{show}")
    for width in (660, 900, 1100, 1400):
        resize(page, width, 800)
        expect_no_sideways_scroll(page)
        assert page.locator("input[type=range].logit").first.bounding_box()["width"] > 50
        cells = page.get_by_role("row").nth(1).get_by_role("cell")
        boxes = [cell.bounding_box() for cell in cells.filter(visible=True).all()]
        for one, other in itertools.pairwise(boxes):
            beside = one["x"] + one["width"] <= other["x"] + 1
            assert beside or one["y"] + one["height"] <= other["y"] + 1 or other["x"] <= one["x"]


def test_the_browser_takes_what_an_address_may_hold(load_module):
    assert load_module("example/edits.js").evaluate("loaded.LIMITS") == {
        "logit": LOGIT_LIMIT,
        "temperature": list(TEMPERATURES),
        "name": NAME_LENGTH,
        "classes": MAXIMUM_CLASSES,
        "rate": list(RATES),
    }


def test_a_step_that_waits_is_free_too(open_stage):
    page = open_stage("/clipping?step=3")
    drag(page, "logit of cat", 0.9)
    assert number(page, "logit", 0) > 20
    assert waits(page)
    expect(page.locator("[data-act=return]")).to_be_visible()
