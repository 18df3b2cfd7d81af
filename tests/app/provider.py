"""A small OpenID Connect provider on the loopback, which signs one person in without asking."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_urlsafe
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.app.browsing import NAME

CLIENT, CLIENT_SECRET = "tillit", "the secret of the client"
PERSON = {"sub": "7", "name": "Maja Berg", "email": "maja@vandby.example"}


class Provider:
    """The authorization code flow with PKCE. For the browser it has another name than the app: another site."""

    def __init__(self, port: int) -> None:
        self.issuer, self.seen_as = f"http://127.0.0.1:{port}", f"http://{NAME}:{port}"
        self.published = RSAKey.generate_key(2048, {"kid": "key", "use": "sig"})
        self.key, self.refuses = self.published, False
        self.codes: dict[str, dict[str, str]] = {}
        self.visited: list[str] = []
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.jwks),
                Route("/logout", self.logout),
            ]
        )

    def discovery(self, request: Request) -> Response:
        """Say where the rest is."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.seen_as}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.seen_as}/logout",
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def authorize(self, request: Request) -> Response:
        """Sign the person in at once, and send the browser back with a code; or refuse."""
        self.visited.append("authorize")
        asked = dict(request.query_params)
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        code = token_urlsafe()
        self.codes[code] = asked
        answer = {"error": "access_denied"} if self.refuses else {"code": code}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")

    async def token(self, request: Request) -> Response:
        """Change a code, once, into an ID token for the client that asked for it."""
        sent = await request.form()
        asked = self.codes.pop(str(sent["code"]))
        digest = hashlib.sha256(str(sent["code_verifier"]).encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        basic = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        assert request.headers["authorization"] == f"Basic {basic}"
        now = int(time.time())
        claims = {**PERSON, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        signed = jwt.encode({"alg": "RS256", "kid": "key"}, claims, self.key)
        return JSONResponse({"access_token": token_urlsafe(), "token_type": "Bearer", "id_token": signed})

    def jwks(self, request: Request) -> Response:
        """Publish the key that ID tokens are signed by."""
        return JSONResponse(KeySet([self.published]).as_dict(private=False))

    def logout(self, request: Request) -> Response:
        """End the session and send the browser back."""
        self.visited.append("logout")
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])

    def refuse(self) -> None:
        """Refuse everyone from now on."""
        self.refuses = True

    def forge(self) -> None:
        """Sign with another key than the published one from now on."""
        self.key = RSAKey.generate_key(2048)


@contextmanager
def providing(port: int) -> Iterator[Provider]:
    """Run a provider in a thread of its own until the block ends."""
    provider = Provider(port)
    server = uvicorn.Server(uvicorn.Config(provider.app, port=port, ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield provider
    finally:
        server.should_exit = True
        thread.join(timeout=20)
