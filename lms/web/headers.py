"""Security headers of every answer (security.md, ASVS 3.4)."""

from flask import Flask, Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def always(*, secure: bool, storage: str = "") -> dict[str, str]:
    """The headers that every answer carries; HSTS only where the site is served over https.

    `storage` is the origin that browsers exchange uploads and pieces of videos with, where there is one.
    """
    policy = CONTENT_SECURITY_POLICY
    for directive in ("connect-src 'self'", "media-src 'self'") if storage else ():
        policy = policy.replace(directive, f"{directive} {storage}")
    added = HEADERS | {"Content-Security-Policy": policy}
    return added | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {})


def install(app: Flask, *, secure: bool, storage: str = "") -> None:
    """Adds the headers to every answer."""
    added = always(secure=secure, storage=storage)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in added.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
