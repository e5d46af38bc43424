"""1000 classes: photos, networks and classes chosen by hand, lessons, and a photo of one's own."""

import base64
import math

import pytest
from playwright.sync_api import expect

from pages.parts.photos.example import example_of, labelled
from pages.parts.photos.ready import TRAINED
from tests.browser.support import (
    act,
    box,
    drag,
    everything,
    number,
    query,
    settle,
    slider,
    stage,
    stage_is_there,
    type_in,
    visit_stage,
)
from xent_core import softmax_cross_entropy
from xent_core.networks import example_photo, jpeg_of

LITE, SQUEEZE = TRAINED
PATH = "/thousand-classes"


def loss(photo, network, **more):
    example = example_of(labelled(photo, network, **more))
    return float(softmax_cross_entropy(example.logits, example.targets))


def press_tile(page, title):
    page.locator(f".tile[title='{title}']").click()
    stage_is_there(page)


def give(page, data, name="mug.jpg"):
    """Give the page a file, as a hand does."""
    page.locator("[class*=st-key-own-photo] input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": data}
    )
    settle(page)


@pytest.fixture(scope="module")
def astronaut():
    return jpeg_of(example_photo("astronaut"))


def test_a_photo_and_a_network_chosen_by_hand_are_those_of_the_core_and_stand_in_the_link(open_stage):
    page = open_stage(f"{PATH}?step=2")
    press_tile(page, "A Chinese tower")
    assert number(page, "categorical") == pytest.approx(loss("china", LITE), rel=1e-12)
    page.get_by_label("Network", exact=True).last.select_option(SQUEEZE)
    stage_is_there(page)
    page.wait_for_function("new URLSearchParams(location.search).get('network') === 'squeezenet_1_1'")
    assert number(page, "categorical") == pytest.approx(loss("china", SQUEEZE), rel=1e-12)
    assert query(page) == {"photo": "china", "network": SQUEEZE, "wanted": "698", "step": "2"}


def test_a_link_shows_what_a_hand_chose_and_a_reload_keeps_what_it_dragged(open_stage):
    page = open_stage(f"{PATH}?photo=coffee&network={SQUEEZE}&wanted=504&top=2")
    type_in(page, "logit of espresso", "3.5")
    before = everything(page)
    assert number(page, "logit", 0) == 3.5
    page.reload()
    settle(page)
    stage_is_there(page)
    assert everything(page) == before


def test_a_link_may_name_a_network_that_no_step_shows(open_stage):
    page = open_stage(f"{PATH}?photo=coffee&network=resnet18_untrained&wanted=967")
    assert number(page, "categorical") == pytest.approx(loss("coffee", "resnet18_untrained"), rel=1e-12)


def test_a_class_is_found_by_a_part_of_its_name(open_stage):
    page = open_stage(f"{PATH}?step=2")
    field = page.get_by_label("Wanted class")
    field.fill("espresso mak")
    field.press("Enter")
    stage_is_there(page)
    assert query(page)["wanted"] == "550"
    field.fill("no such thing")
    field.press("Enter")
    expect(page.locator(".fault").first).to_contain_text(
        "Expected a part of the name of one of ImageNet’s 1000 classes"
    )
    assert query(page)["wanted"] == "550"


def test_the_other_999_are_no_class_to_want(open_stage):
    page = open_stage(f"{PATH}?step=5")
    expect(stage(page).get_by_role("button", name="the other 999", exact=True)).to_be_disabled()


def test_a_drag_of_the_wanted_logit_is_a_drag_of_the_loss_of_1000_classes(open_stage):
    page = open_stage(f"{PATH}?step=5")
    drag(page, "logit of wall clock", 0.75)
    z, others = number(page, "logit", 0), number(page, "logit", 1)
    assert number(page, "categorical") == pytest.approx(math.log1p(math.exp(others - z)), rel=1e-12)
    expect(stage(page).locator("[data-part=task]")).to_have_attribute("data-done", "true")


def test_a_lesson_lowers_the_loss_of_its_class_and_squared_error_hardly_does(laptop_page, server):
    page = laptop_page
    visit_stage(page, f"{server.url}{PATH}?step=7")
    assert number(page, "categorical") == pytest.approx(0.0561, abs=5e-5)
    page.get_by_role("button", name="Forget").click()
    stage_is_there(page)
    start = number(page, "categorical")
    page.get_by_role("button", name="squared error").click()
    act(page, "teach-100")
    assert 0.8 * start < number(page, "categorical") < start
    page.get_by_role("button", name="cross-entropy").click()
    act(page, "teach-10")
    assert number(page, "categorical") < 0.8 * start
    assert query(page)["taught"].endswith("cross_entropy,10")


def test_an_own_photo_stands_on_the_stage_and_can_be_taught(open_stage, astronaut):
    page = open_stage(f"{PATH}?step=6")
    give(page, astronaut)
    expect(page.get_by_text("it stands on the stage")).to_be_visible()
    assert query(page)["photo"] == "own"
    expect(page.locator(".tile")).to_have_count(9)
    before = number(page, "categorical")
    act(page, "teach-10")
    assert number(page, "categorical") < before
    press_tile(page, "An espresso")
    press_tile(page, "your photo")
    assert query(page)["photo"] == "own"


def test_a_photo_is_pasted_anywhere_on_the_page(open_stage, astronaut):
    page = open_stage(f"{PATH}?step=6")
    page.evaluate(
        """text => {
            const bytes = Uint8Array.from(atob(text), sign => sign.charCodeAt(0)), clipboard = new DataTransfer();
            clipboard.items.add(new File([bytes], "pasted.jpg", { type: "image/jpeg" }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true }));
        }""",
        base64.b64encode(astronaut).decode(),
    )
    settle(page)
    expect(page.get_by_text("it stands on the stage")).to_be_visible()
    assert query(page)["photo"] == "own"


def test_what_is_no_photo_gives_one_sentence_and_the_stage_stays(open_stage):
    page = open_stage(f"{PATH}?step=6")
    before = everything(page)
    give(page, b"no picture")
    expect(page.get_by_text("This file is no picture that can be read")).to_be_visible()
    assert everything(page) == before


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (f"photo=mug&network={LITE}&wanted=1", "photo was ignored: it is “mug”"),
        ("photo=coffee&network=vgg&wanted=1", "network was ignored: it is “vgg”"),
        (f"photo=own&network={LITE}&wanted=1", "a reader’s own photo stays on the page that read it"),
        (f"photo=coffee&network={LITE}&wanted=1000", "wanted was ignored: it is 1000"),
        ("photo=coffee", "photo was ignored: photo, network and wanted go together"),
        (f"photo=coffee&network={LITE}&wanted=1&taught=a,b", "taught was ignored"),
    ],
)
def test_a_link_to_what_is_not_here_says_so_and_shows_the_story(open_stage, link, said):
    page = open_stage(f"{PATH}?{link}&step=2")
    expect(page.get_by_role("alert").first).to_contain_text(said)
    assert number(page, "categorical") > 0


@pytest.mark.kills_server
def test_after_a_restart_a_photo_chosen_by_hand_is_still_on_screen(page, fresh_server):
    visit_stage(page, f"{fresh_server.url}{PATH}?step=2")
    press_tile(page, "An espresso")
    before = everything(page)
    fresh_server.kill()
    fresh_server.start()
    page.get_by_role("button", name="Copy as code").or_(page.get_by_text("Copy as code")).first.click()
    settle(page)
    assert everything(page) == before


def test_a_photo_waits_on_its_page_and_no_other_takes_its_rows(open_stage):
    page = open_stage(f"{PATH}?step=2")
    press_tile(page, "An espresso")
    before = everything(page)
    page.get_by_test_id("stTopNavLink").filter(has_text="Start").click()
    expect(slider(page, "logit of cat")).to_have_count(1)
    expect(box(page, "logit of espresso")).to_have_count(0)
    assert "photo" not in query(page)
    page.get_by_test_id("stTopNavLink").filter(has_text="1000 classes").click()
    page.wait_for_function("location.search.includes('photo=coffee')")
    stage_is_there(page)
    assert everything(page) == before
