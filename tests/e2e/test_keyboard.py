"""Everything is reached and done with the keyboard, and one sees where one is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

COMPONENTS = "/interne/composants/"

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return {
    what: e.outerHTML.slice(0, 100),
    key: [...document.querySelectorAll('*')].indexOf(e),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    onMap: e.matches('a.unit, a.node, a.point')
      && parseFloat(getComputedStyle(e.querySelector('path, circle')).strokeWidth) >= 3,
    seen: box.width > 0 && box.height > 0,
  };
}"""


def _reachable(page: Page) -> int:
    """How many elements the Tab key should stop at: a group of radio buttons is one."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
            'a[href], button:not([disabled]), input:not([type=hidden]), select, summary, '
            + '[tabindex="0"]')]
          .filter(e => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}))
          .filter(e => e.type !== 'radio' || e.checked).length"""
    )


def test_tab_reaches_everything_with_a_visible_focus(open_page):
    page = open_page(COMPONENTS)
    expected = _reachable(page)
    seen: dict[int, dict] = {}
    for _ in range(expected + 5):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUSED)
        if where is None or where["key"] in seen:
            break
        seen[where["key"]] = where
    assert len(seen) == expected
    assert [w["what"] for w in seen.values() if not (w["ring"] or w["onMap"])] == []
    assert [w["what"] for w in seen.values() if not w["seen"]] == []


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page(COMPONENTS)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_panel_opens_with_enter_and_escape_gives_the_focus_back(open_page):
    page = open_page(COMPONENTS)
    summary = page.locator("details.prov > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    panel = page.locator("details.prov[open] .panel")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Statbel")
    page.keyboard.press("Tab")
    expect(panel.locator("a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("details.prov[open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_one_panel_is_open_at_a_time_and_a_click_outside_closes_it(open_page):
    page = open_page(COMPONENTS)
    summaries = page.locator("details.prov > summary")
    summaries.nth(0).press("Enter")
    summaries.nth(1).press("Enter")
    expect(page.locator("details.prov[open]")).to_have_count(1)
    page.locator("h1").click()
    expect(page.locator("details.prov[open]")).to_have_count(0)


def _column(page: Page, index: int) -> list[str]:
    return page.locator(f"#unites tbody tr td:nth-child({index})").all_inner_texts()


def test_a_table_sorts_by_keyboard_and_words_of_state_stay_last(open_page):
    page = open_page(COMPONENTS)
    button = page.locator("#unites thead th:nth-child(2) button")
    header = page.locator("#unites thead th:nth-child(2)")
    words = ["supprimé", "inconnu", "non mesuré"]
    button.press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    down = _column(page, 2)
    assert down[:3] == ["3,40", "2,80", "2,20"]
    assert sorted(down[-3:]) == sorted(words)
    assert down[-4] == "zéro"
    button.press("Enter")
    expect(header).to_have_attribute("aria-sort", "ascending")
    up = _column(page, 2)
    assert up[:3] == ["zéro", "0,40", "0,90"]
    assert sorted(up[-3:]) == sorted(words)
    expect(page.locator("#unites th[aria-sort]")).to_have_count(1)


def test_a_long_table_filters_without_accents(open_page):
    page = open_page(COMPONENTS)
    box = page.locator(".tools[data-for=unites] .filter")
    box.fill("UNITE K")
    expect(page.locator("#unites tbody tr:visible")).to_have_count(1)
    box.fill("nulle part")
    expect(page.locator(".tools[data-for=unites] .count")).to_contain_text("Aucune ligne")
    box.fill("")
    expect(page.locator("#unites tbody tr:visible")).to_have_count(12)


def test_control_k_goes_to_the_search_box(open_page):
    page = open_page(COMPONENTS)
    page.keyboard.press("Control+k")
    expect(page.locator("#q-top")).to_be_focused()
    phone = open_page(COMPONENTS, 360)
    phone.keyboard.press("Control+k")
    expect(phone.locator("#q-menu")).to_be_focused()


def test_the_map_is_one_stop_and_its_arrows_light_the_rows(open_page):
    page = open_page(COMPONENTS)
    assert page.locator("a.unit[tabindex='0']").count() == 1
    page.locator("a.unit[tabindex='0']").focus()
    expect(page.locator("#unites-u0")).to_have_class("on")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#unites-u1")).to_have_class("on")
    expect(page.locator("#unites-u0")).not_to_have_class("on")
    expect(page.locator("figure.mapped .readout")).to_contain_text("Unité B")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#unites-u5")).to_have_class("on")
    page.keyboard.press("Enter")
    assert page.url.endswith("#unites-u5")


def test_pointing_at_a_row_lights_its_unit_on_the_map(open_page):
    page = open_page(COMPONENTS)
    page.locator("#unites-u6").hover()
    outline = page.locator("a.unit[data-code=u6] path").get_attribute("d")
    expect(page.locator(".lift")).to_have_attribute("d", outline or "")
    expect(page.locator("figure.mapped .readout")).to_contain_text("supprimé")


def test_the_quadrants_are_one_stop_and_their_arrows_go_from_point_to_point(open_page):
    page = open_page("/interne/composants/")
    points = page.locator("figure.pointed a.point")
    assert points.evaluate_all("all => all.filter(p => p.tabIndex === 0).length") == 1
    page.locator("figure.pointed a.point[tabindex='0']").focus()
    readout = page.locator("figure.pointed .readout")
    first = readout.inner_text()
    assert first
    page.keyboard.press("ArrowLeft")
    expect(readout).not_to_have_text(first)
    code = page.evaluate("document.activeElement.dataset.code")
    expect(page.locator(f"#unites-{code}")).to_have_class("on")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == f"#unites-{code}"
