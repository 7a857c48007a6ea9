#!/usr/bin/env python3
"""Loads a page in headless Chromium, as a phone, a tablet and a desktop, light, dark and printed, and fails on what
a reader would stumble over.

Usage: Scripts/check-page.py PAGE [FOLDER]

With FOLDER it leaves screenshots there. It needs python3 and Chromium (Debian's package chromium, or CHROMIUM=…),
and speaks to the browser over a pipe (browser.py), so that nothing else has to be installed.
"""

import base64
import pathlib
import sys
import tempfile
import time

from browser import CHECKS, Browser

VIEWS = [
    (name, width, scheme, media)
    for name, width, media in [
        ("phone", 360, "screen"), ("tablet", 768, "screen"), ("desktop", 1440, "screen"), ("print", 794, "print")
    ]
    for scheme in (["light", "dark"] if media == "screen" else ["light"])
]

# What has the keyboard's focus after the first Tab, and whether it can be seen.
FOCUS = r"""
(() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  if (!e.matches('a[href="#main"]')) return ['the first Tab does not come to a link past the contents'];
  return box.top < 0 || box.bottom > innerHeight ? ['the link past the contents is out of sight when focused'] : [];
})()
"""


def troubles(events):
    """What the browser complained about."""
    for event in events:
        p = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                yield f"error: {p['exceptionDetails'].get('text')}"
            case "Runtime.consoleAPICalled" if p["type"] == "error":
                yield f"console: {p['args'][0].get('value')}"
            case "Log.entryAdded" if p["entry"]["level"] == "error":
                yield f"console: {p['entry']['text']} {p['entry'].get('url', '')}"
            case "Network.requestWillBeSent" if not p["request"]["url"].startswith(("file:", "data:")):
                yield f"reaches for {p['request']['url']}"


def check(browser, page, view, folder):
    name, width, scheme, media = view
    browser.events.clear()
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                 mobile=width < 700)
    browser.call("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.call("Page.navigate", url=page.resolve().as_uri())
    browser.wait("Page.loadEventFired")
    found = browser.evaluate(CHECKS)
    found += troubles(browser.events)
    if folder:
        size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": width, "height": size["height"], "scale": 1}
        shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        (folder / f"{name}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))
        if media == "print":
            pdf = browser.call("Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69)
            (folder / "print.pdf").write_bytes(base64.b64decode(pdf["data"]))
    if media == "screen":
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        time.sleep(0.05)
        found += browser.evaluate(FOCUS)
    return found


def main():
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    page = pathlib.Path(sys.argv[1])
    if not page.is_file():
        sys.exit(f"check-page: '{page}' does not exist; make it with 'impasto study'")
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(f"{domain}.enable")
            for view in VIEWS:
                found = check(browser, page, view, folder)
                failed += len(found)
                title = f"{view[0]} {view[1]} px {view[2]}"
                print(f"{title}: {'nothing to complain about' if not found else ''}")
                for sentence in found:
                    print(f"  {sentence}")
        finally:
            browser.process.terminate()
            browser.process.wait()
    if failed:
        sys.exit(f"check-page: {failed} found in '{page}'")


main()
