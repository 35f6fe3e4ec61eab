"""Headers that every answer carries: nothing from elsewhere, nothing inline, nothing of a signed-in page or a sign-in kept."""

from flask import Flask, Response, abort, request

from groupsite.config import Settings
from groupsite.web.auth import OPEN_ENDPOINTS, viewer

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ONE_YEAR = "max-age=31536000; includeSubDomains"


def init_headers(app: Flask, settings: Settings) -> None:
    app.config["TRUSTED_HOSTS"] = None

    @app.before_request
    def refuse_other_hosts() -> None:
        """Links are built from BASE_URL; a request for another host is a mistake or an attack (ASVS 4.1.3)."""
        if settings.environment == "production" and request.host != settings.host and not _is_probe():
            abort(400, "This address is not served here.")

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if settings.is_https:
            response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
        if _is_private():
            response.headers["Cache-Control"] = "no-store"
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


def _is_private() -> bool:
    """Whether the answer is nobody else's business. Sheets and scripts are the same for everybody."""
    if request.endpoint in OPEN_ENDPOINTS:
        return False
    return viewer().account_id is not None or request.method == "POST" or request.blueprint == "accounts"


def _is_probe() -> bool:
    return request.path in {"/healthz", "/readyz"}
