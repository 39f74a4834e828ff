"""Pages about people that whoever has the address may read, and no search engine may collect."""

from flask import Response


def stay(answer: Response) -> Response:
    """For `after_request` of a blueprint. That no other site learns an address is the rule of all pages."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
