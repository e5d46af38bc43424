"""A room: a teacher at the projector and students with phones, who vote at once."""

import pytest
from playwright.sync_api import expect

from tests.browser.support import (
    act,
    address,
    expect_query,
    expect_step,
    frame,
    query,
    resize,
    stage,
    violations,
    visit_stage,
)
from tests.browser.test_fit import CUT, SEEN

PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
PHONES = [
    {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}
    for width, height in [(390, 844), (375, 667)]
]

SMALL = [(375, 667), (360, 640)]


def open_room(teacher, url):
    """Open a room at a question; returns the link that its card shows."""
    visit_stage(teacher, url)
    act(teacher, "open-room")
    card = teacher.get_by_role("dialog", name="How to vote")
    expect(card).to_be_visible()
    link = "".join(card.locator("p").all_inner_texts()[1:])
    teacher.keyboard.press("Escape")
    return f"http://{link}"


def enter(student, link, step):
    """Open the room's link: the page and the step are the teacher's."""
    visit_stage(student, link)
    expect(stage(student)).to_have_attribute("data-page", "clipping")
    expect_step(student, step, waiting=True)


def vote(student, choice):
    student.locator(f"[data-choice='{choice}']").tap()
    expect(student.get_by_text("Counted. You may change it.")).to_be_visible()


def expect_told(student):
    """The step's title, all of its story and the loss are in a small phone's window, and most of the curve."""
    frame(student)
    expect(stage(student).locator(".story h2")).to_be_visible()
    seen = stage(student).evaluate(SEEN)
    assert {name: seen[name] for name in ("story", "loss")} == {"story": 1, "loss": 1}
    assert seen["curve"] >= 0.6, seen
    assert stage(student).evaluate(CUT) == []


def expect_answered(teacher, count):
    expect(teacher.locator(".room-count")).to_have_text(f"{count} answered")


def votes(teacher):
    """The counts of the histogram, place by place in the order shown."""
    expect(teacher.locator(".histogram")).to_be_visible()
    places = teacher.locator(".histogram .pair")
    return [place.locator(".pile").all_inner_texts() for place in places.all()]


def test_a_class_votes_talks_votes_again_and_follows_its_teacher(new_page, server):
    teacher, (one, two) = new_page(**PROJECTOR), [new_page(**phone) for phone in PHONES]
    link = open_room(teacher, f"{server.url}/clipping?step=3&present=1")
    for student in (one, two):
        enter(student, link.lower(), 3)
    vote(one, 1)
    vote(two, 1)
    vote(two, 2)
    expect_answered(teacher, 2)
    for page, wanted in [(teacher, {"picture": 1}), (one, {"curve": 0.6}), (two, {"curve": 0.6})]:
        seen = stage(page).evaluate(SEEN)
        assert {
            name: share for name, share in seen.items() if share < ({"story": 1, "loss": 1} | wanted).get(name, 0)
        } == {}
        assert stage(page).evaluate(CUT) == []
    for width, height in SMALL:
        resize(two, width, height)
        expect_told(two)
    expect_step(one, 3, waiting=True)  # a vote shows no answer
    assert teacher.locator(".histogram").count() == 0

    act(teacher, "vote-again")
    expect_answered(teacher, 0)
    for student in (one, two):
        expect(student.get_by_text("Your answer is a vote")).to_be_visible()
        vote(student, 0)
    expect_answered(teacher, 2)
    teacher.keyboard.press("PageDown")
    assert votes(teacher) == [["1", "0"], ["0", "2"], ["1", "0"]]  # −28, 0, −1: before and again
    expect(teacher.locator(".truth")).to_have_text("0, right")
    for student in (one, two):
        expect_step(student, 3, waiting=False)
        expect(student.locator("[data-part=answer]")).to_contain_text("0, as you said.")
    expect_told(two)

    teacher.keyboard.press("PageDown")
    expect_step(one, 4)
    one.locator("[data-act=leave-room]").tap()
    expect_query(one, {"step": "4"})
    teacher.locator("[data-act=follow]").click()
    expect(teacher.locator("[data-act=follow]")).to_have_attribute("aria-pressed", "false")
    teacher.keyboard.press("PageDown")
    expect(two.get_by_text("The teacher is elsewhere.")).to_be_visible()
    expect_step(two, 4)
    two.locator("[data-act=go-there]").tap()
    expect_step(two, 5, waiting=True)
    assert query(two)["room"] == query(teacher)["room"]
    assert "room" not in query(one)


def test_the_votes_of_a_number_stand_along_its_range_and_are_saved_and_the_room_is_closed(new_page, server):
    teacher, student = new_page(**PROJECTOR), new_page(**PHONES[0])
    enter(student, open_room(teacher, f"{server.url}/clipping?step=5&present=1"), 5)
    student.get_by_label("Your guess").fill("16")
    student.get_by_role("button", name="Vote").tap()
    expect_answered(teacher, 1)
    act(teacher, "next")
    assert votes(teacher) == [["1"] if i == 4 else [""] for i in range(10)]
    for scheme in ("light", "dark"):
        assert violations(teacher, scheme, ".stage") == []
    with teacher.expect_download() as saved:
        teacher.locator("[data-act=save-votes]").click()
    assert saved.value.path().read_text().splitlines()[1:] == ["1,clipping,5,1,16"]
    teacher.locator("[data-act=close-room]").click()
    expect(student.get_by_text("Your teacher has closed the room.")).to_be_visible()
    teacher.locator("[data-act=leave-room]").click()
    expect_query(teacher, {"step": "5", "present": "1"})


@pytest.mark.kills_server
def test_a_teacher_who_reloads_and_a_server_that_is_killed_keep_the_room(fresh_server, new_page):
    teacher, student = new_page(**PROJECTOR), new_page(**PHONES[0])
    enter(student, open_room(teacher, f"{fresh_server.url}/clipping?step=3&present=1"), 3)
    vote(student, 2)
    expect_answered(teacher, 1)
    fresh_server.kill()
    fresh_server.start()
    visit_stage(teacher, address(teacher))
    expect_answered(teacher, 1)
    vote(student, 1)
    act(teacher, "next")
    assert votes(teacher) == [["0"], ["0"], ["1"]]
    expect_step(student, 3, waiting=False)
    visit_stage(teacher, address(teacher))
    assert votes(teacher) == [["0"], ["0"], ["1"]]

    visit_stage(student, f"{fresh_server.url}/softmax?step=2&room=BBBB-BBBB")
    expect(student.get_by_text("BBBB-BBBB: No room has this code, or it has ended.")).to_be_visible()
    expect_query(student, {"step": "2"})


def test_a_room_that_is_no_code_is_named_in_a_notice_and_the_rest_of_the_link_works(page, server):
    visit_stage(page, f"{server.url}/softmax?step=2&room=<b>x")
    expect(page.get_by_role("alert")).to_contain_text("room was ignored: it is “<b>x”, where a code")
    expect_query(page, {"step": "2"})
