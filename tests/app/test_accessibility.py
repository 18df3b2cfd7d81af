"""No page has a serious or critical fault that axe-core finds, on a phone and wide, in light and in dark.

`UPSTREAM` lists what Streamlit itself does and we cannot mend, each with its issue.
"""

from __future__ import annotations

import pytest

from tests.app.browsing import IN_A_BROWSER
from tests.app.screenshots import HEIGHT, SCENES, opened, settled
from tests.app.serving import serving

pytestmark = IN_A_BROWSER

UPSTREAM: dict[str, str] = {}
"""Rules of axe-core that are passed over, with the selector's beginning and the issue at streamlit/streamlit."""
LOOKS = {"phone": ("light", 390), "light": ("light", 1440), "dark": ("dark", 1440)}
"""A page is opened on a phone, where the sidebar is folded, and then made wide and dark: one visit for all three."""


@pytest.fixture(scope="module")
def address(shipped_data, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TILLIT_UPLOADS", "true")
        with serving(shipped_data, tmp_path_factory.mktemp("axe") / "log") as url:
            yield url


def faults(page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
        if each["id"] not in UPSTREAM
    ]


@pytest.mark.parametrize("scene", SCENES)
def test_a_page_has_no_serious_fault(browser, address, scene):
    found = {}
    with opened(browser, address, "en", *LOOKS["phone"], HEIGHT) as page:
        SCENES[scene](page, "en")
        for look, (scheme, width) in LOOKS.items():
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": HEIGHT})
            settled(page)
            found[look] = faults(page)
    assert found == {look: [] for look in LOOKS}
