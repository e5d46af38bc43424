"""The examples in docstrings print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import xent_core

MODULES = [module.name for module in pkgutil.walk_packages(xent_core.__path__, "xent_core.")]


@pytest.mark.parametrize("name", ["xent_core", *MODULES])
def test_every_example_in_a_docstring_prints_what_it_says(name):
    assert doctest.testmod(importlib.import_module(name), report=True).failed == 0


def test_examples_are_found():
    assert doctest.testmod(importlib.import_module("xent_core.routes")).attempted > 0
