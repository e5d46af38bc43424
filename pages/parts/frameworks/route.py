"""The route by which the calls' numbers for an example reach the browser: a change of it runs no script."""

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pages.parts.frameworks.comparison import of_example
from pages.parts.frameworks.rows import answer
from pages.parts.stage.address import read_query
from pages.parts.stage.example import Example


def respond(request: Request) -> Response:
    """What all calls return for the example that the address holds, as links spell it."""
    asked = read_query(request.query_params)
    if asked.faults:
        return PlainTextResponse(" ".join(asked.faults), 400)
    return JSONResponse(answer_to(asked.example))


@lru_cache(maxsize=64)
def answer_to(example: Example) -> dict[str, object]:
    """What all calls return for an example."""
    return answer(of_example(example))
