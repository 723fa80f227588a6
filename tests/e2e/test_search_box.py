"""The search box: answers while one types, by keyboard alone, and as a page without script."""

from __future__ import annotations

import re

from playwright.sync_api import expect

COMPONENTS = "/interne/composants/"


def test_control_k_then_a_few_letters_then_enter_opens_the_answer(open_page, axe, picture):
    page = open_page(COMPONENTS)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Chercher une organisation")
    expect(box).to_be_focused()
    box.press_sequentially("siderurgei")
    options = page.locator("#q-top-list [role=option]")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    axe(page)
    picture(page, "search-box-1280")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    expect(page.get_by_role("group", name="Secteurs").get_by_role("option").first).to_be_visible()
    address = options.first.get_attribute("href")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


def test_the_last_words_typed_are_those_answered(open_page):
    page = open_page(COMPONENTS)
    box = page.locator("#q-top")
    waiting = []
    # The first answer comes after the second: it is of no use any more.
    page.route(re.compile(r"q=verviers$"), lambda route: waiting.append(route))
    box.fill("verviers")
    page.wait_for_timeout(250)
    assert waiting
    box.fill("herstal")
    expect(page.get_by_role("option", name="Herstal").first).to_be_visible()
    for route in waiting:
        route.abort()
    expect(page.get_by_role("option", name="Verviers")).to_have_count(0)
    box.fill("zzzzzzzz")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.get_by_role("status").first).to_have_text("Rien à ce nom.")


def test_on_a_phone_the_answers_fit_and_without_script_the_form_gives_a_page(open_page, axe):
    phone = open_page(COMPONENTS, 360, "dark")
    phone.keyboard.press("Control+k")
    phone.locator("#q-menu").fill("huy")
    expect(phone.get_by_role("option").first).to_be_visible()
    axe(phone)
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    plain = open_page(COMPONENTS, script=False)
    plain.locator("#q-top").fill("huy")
    plain.locator("#q-top").press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_contain_text("pour « huy »")
