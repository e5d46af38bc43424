"""Where the browser's modules are served: an address that is another one as soon as one byte of them is."""

import importlib
import re
import shutil

import pytest

from pages.parts.page import modules


def hash_of(folder, monkeypatch):
    """What the module calls its files, if they stand in this folder."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in (".js", ".css", ".png"))
    text = (modules.BROWSER.parents[0] / "page/modules.py").read_text(encoding="utf-8")
    space = {"__file__": str(folder.parent / "page/modules.py"), "__name__": "copy"}
    exec(compile(text, "modules.py", "exec"), space)
    assert space["SERVED"] == found
    return space["HASH"]


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(modules.BROWSER, tmp_path / "browser")
    return tmp_path / "browser"


def test_the_same_files_have_the_same_address_wherever_they_stand(copy, monkeypatch):
    assert hash_of(copy, monkeypatch) == modules.HASH == importlib.reload(modules).HASH
    assert re.fullmatch("browser/[0-9a-f]{16}", modules.PATH)


def append(folder):
    with (folder / "xent_core/losses.js").open("a") as file:
        file.write(" ")


def restyle(folder):
    with (folder / "stage.css").open("a") as file:
        file.write(" ")


def rename(folder):
    (folder / "post.js").rename(folder / "posts.js")


def move(folder):
    (folder / "post.js").rename(folder / "story/post.js")


def add(folder):
    (folder / "more.js").touch()


def remove(folder):
    (folder / "post.js").unlink()


@pytest.mark.parametrize("change", [append, restyle, rename, move, add, remove])
def test_another_byte_name_place_or_number_of_files_is_another_address(copy, monkeypatch, change):
    change(copy)
    assert hash_of(copy, monkeypatch) != modules.HASH


def test_the_loader_finds_the_base_of_streamlits_script_and_imports_the_stage_from_the_address():
    assert f'new URL("../../{modules.PATH}/", script.src)' in modules.LOADER
    assert len(modules.LOADER) < 700, "it goes down in every run"


def test_every_module_can_be_reached_from_the_stage():
    reached, waiting = set(), ["stage.js"]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        text = modules.text_of(name)
        for found in re.findall(r'(?:from|import)\s+"(\..*?)"', text):
            path = (modules.BROWSER / name).parent / found
            waiting.append(path.resolve().relative_to(modules.BROWSER.resolve()).as_posix())
    assert reached == set(modules.MODULES), "a module that nothing imports is loaded for nothing"
