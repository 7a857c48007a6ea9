#!/usr/bin/env python3
"""Uses `impasto studio` in headless Chromium as a person would, and looks at its page as a phone and as a desktop, light
and dark. Ends with the line 'N passed, N failed'.

Usage: Scripts/test-studio.py [FOLDER]      (after `make build`; IMPASTO=… names another program)

With FOLDER it leaves screenshots there. It needs python3 and Chromium (Debian's package chromium, or CHROMIUM=…).
"""

import base64
import http.client
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

from browser import CHECKS, Browser

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMPASTO = os.environ.get("IMPASTO", str(ROOT / ".build/release/impasto"))
IMAGES = ROOT / "Examples/Images"
counts = {"passed": 0, "failed": 0}


def check(name, isTrue, found=""):
    counts["passed" if isTrue else "failed"] += 1
    print(f"{'passed' if isTrue else 'FAILED'}: {name}" + (f" ({found})" if found and not isTrue else ""), flush=True)


class Program:
    """The studio, as a process."""

    def __init__(self, port=0, *arguments):
        self.process = subprocess.Popen(
            [IMPASTO, "studio", "--no-open", "--port", str(port), *arguments], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.address = next(word for word in line.split() if word.startswith("http://"))
        self.port = int(self.address.split(":")[2].split("/")[0])

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(20)


class Page:
    """A tab."""

    def __init__(self, browser, address):
        self.browser = browser
        browser.session = None
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(f"{domain}.enable")
        self.view(1440, 900)
        self.load(address)

    def call(self, method, **parameters):
        self.browser.session = self.session
        return self.browser.call(method, **parameters)

    def run(self, script):
        self.browser.session = self.session
        return self.browser.evaluate(script)

    def load(self, address):
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && typeof presets !== 'undefined' && presets.length > 0")

    def view(self, width, height, scheme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 700)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def wait(self, condition, seconds=60):
        """Waits for a condition in the page; the last value that it had."""
        end = time.time() + seconds
        while time.time() < end:
            value = self.run(f"(() => {{ try {{ return {condition}; }} catch (e) {{ return false; }} }})()")
            if value:
                return value
            time.sleep(0.1)
        return None

    def choose(self, selector, *files):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(f) for f in files])

    def box(self, selector):
        return self.run(
            f"(() => {{ const e = document.querySelector('{selector}'); e.scrollIntoView({{block: 'center'}}); "
            "const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()")

    def click(self, selector):
        left, top, width, height = self.box(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=left + width / 2, y=top + height / 2, button="left",
                      clickCount=1)

    def press(self, name, code, times=1):
        for _ in range(times):
            for kind in ("keyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code)

    def drag(self, selector, *places):
        left, top, width, height = self.box(selector)
        for index, (x, y) in enumerate(places):
            kind = "mousePressed" if index == 0 else "mouseMoved"
            self.call("Input.dispatchMouseEvent", type=kind, x=left + x * width, y=top + y * height, button="left",
                      buttons=1, clickCount=1)
        x, y = places[-1]
        self.call("Input.dispatchMouseEvent", type="mouseReleased", x=left + x * width, y=top + y * height,
                  button="left", clickCount=1)

    def shot(self, folder, name):
        if not folder:
            return
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        (folder / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))

    def looks(self, folder, name):
        for width in (360, 768, 1440, 2560):
            for scheme in ("light", "dark"):
                self.view(width, 900, scheme)
                time.sleep(0.4)
                found = [s for s in self.run(CHECKS) if "picture null" not in s]
                check(f"nothing to stumble over: {name}, {width} px, {scheme}", not found, "; ".join(found))
                if width in (360, 1440):
                    self.shot(folder, f"{name}-{width}-{scheme}")
        self.view(1440, 900)


def settings_in(png):
    """The settings in a PNG's text chunk."""
    place = 8
    while place < len(png):
        length, kind = int.from_bytes(png[place:place + 4], "big"), png[place + 4:place + 8]
        data = png[place + 8:place + 8 + length]
        if kind == b"tEXt" and data.startswith(b"impasto\0"):
            return json.loads(data[8:])
        place += 12 + length
    return None


def saved(page, bits):
    data = page.run(
        f"ask('api/picture.png?bits={bits}').then(r => r.arrayBuffer()).then(b => btoa(String.fromCharCode("
        "...new Uint8Array(b))))")
    return base64.b64decode(data)


def guards(program, page):
    """Requests that are not the page's own."""
    key = page.run("key")

    def status(headers, path="/api/state", method="GET", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", program.port)
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": f"127.0.0.1:{program.port}", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        return connection.getresponse().status

    check("the page's own requests are answered", status({"X-Impasto-Key": key}) == 200)
    check("a request without the key is refused", status({}) == 403)
    check("a request of another origin is refused", status({"X-Impasto-Key": key, "Origin": "http://a.example"}) == 403)
    check("a request for another host is refused", status({"X-Impasto-Key": key, "Host": f"a.example:{program.port}"}) == 403)
    check("a path is no file", status({}, "/../../etc/passwd") == 404)
    check("an upload that is too large is refused before it is read",
          status({"X-Impasto-Key": key, "Content-Length": "999999999"}, "/api/pictures", "POST") == 413)

    # A page of another site, in the same browser.
    class Quiet(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>another site</title>")

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    other = Page.__new__(Page)
    other.browser, page.browser.session = page.browser, None
    other.target = page.browser.call("Target.createTarget", url="about:blank")["targetId"]
    other.session = page.browser.call("Target.attachToTarget", targetId=other.target, flatten=True)["sessionId"]
    other.call("Page.enable")
    other.call("Page.navigate", url=f"http://127.0.0.1:{server.server_port}/")
    time.sleep(1)
    before = page.run("state.phase")
    tried = other.run(
        f"Promise.all([fetch('{program.address}api/stop', {{method: 'POST', mode: 'no-cors'}}).then(() => 'sent', e => 'kept'), "
        f"fetch('{program.address}').then(r => r.text(), e => 'kept')])")
    time.sleep(1)
    check("a page of another site reads nothing of the studio", tried and tried[1] == "kept", str(tried))
    check("a page of another site stops no run", page.run("state.phase") == before)
    page.browser.session = None
    page.browser.call("Target.closeTarget", targetId=other.target)
    server.shutdown()


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    program = Program()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            use(browser, program, folder)
        finally:
            browser.process.terminate()
            browser.process.wait()
            if program.process.poll() is None:
                program.end(signal.SIGKILL)
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(counts["failed"] > 0)


def use(browser, program, folder):
    page = Page(browser, program.address)
    page.looks(folder, "empty")

    # Two pictures, and a run.
    page.choose("#content-file", IMAGES / "castle.jpg")
    check("the photograph is shown", page.wait("document.querySelector('#content-thumb img')?.naturalWidth > 0"))
    page.choose("#style-file", IMAGES / "starry_night.jpg")
    check("the painting is shown", page.wait("document.querySelector('#style-thumb img')?.naturalWidth > 0"))
    page.run("choose({size: 96, pyramid: false, iterations: 4000, 'stop-when-settled': false, balance: 0.3})")
    page.click("#begin")
    check("a picture appears", page.wait("!$('easel').hidden && $('picture').naturalWidth > 0"))
    check("the run goes on", page.wait("state.iteration?.iteration >= 8"))
    begin = page.run("shownFrame")
    time.sleep(1)
    check("a new frame comes at least every half second", page.run("shownFrame") >= begin + 2 or page.run("state.frame") < begin + 2)
    check("loss curves are drawn", page.wait("document.querySelector('#chart-total path').getAttribute('d').length > 20"))
    check("time, size and memory are told", page.wait("/of 96 px.*left.*MB/.test($('status').textContent)"))
    page.looks(folder, "running")

    # A change in flight, with the keyboard on the slider.
    weight = "((p) => (p.total - p.content) / p.style)(points[points.length - 1])"
    before, count = page.run(weight), page.run("state.iteration.iteration")
    page.run("$('balance').focus()")
    page.press("ArrowRight", 39, 40)
    check("the balance is changed while it runs", page.wait("state.settings.balance > 0.65 && state.phase === 'running'"))
    check("iterations count on", page.wait(f"state.iteration.iteration > {count}"))
    page.wait(f"state.nodes.length > 0 && state.iteration.iteration > state.nodes[state.nodes.length - 1].iteration + 2")
    after = page.run(weight)
    check("the objective has other weights", after > 3 * before, f"{before} → {after}")
    check("no error is shown", page.run("$('error').hidden"), page.run("$('error').textContent"))
    check("the command tells the balance", "--balance 0.7" in page.run("$('command').textContent"))

    # Branches.
    page.click("#history button")
    check("one goes back", page.wait("state.phase === 'paused' && state.node === 0 && state.settings.balance === 0.3"))
    check("the slider goes back as well", page.wait("$('balance').value === '0.3'"))
    page.click("#pause")
    check("one goes on from there", page.wait("state.phase === 'running' && state.iteration.iteration > state.nodes[0].iteration + 2"))
    check("the other branch is kept", page.run("state.nodes.length") >= 2)

    # A mask, with the pointer.
    page.run("$('mask-part').open = true")
    page.click("#mask-on")
    page.drag("#mask", (0.2, 0.3), (0.3, 0.5), (0.4, 0.3), (0.3, 0.3))
    drawn = "[...$('mask').getContext('2d').getImageData(0, 0, 512, 512).data].filter((v, i) => i % 4 === 3 && v > 0).length"
    check("the pointer paints a mask", page.run(drawn) > 500)
    if folder:
        page.shot(folder, "mask-1440-light")
    page.click("#mask-apply")
    check("the mask is kept", page.wait("state.hasMask"))
    page.click("#mask-invert")
    page.click("#mask-on")

    # Saving.
    png = saved(page, 8)
    found = settings_in(png) or {}
    check("a PNG with its settings is saved", png.startswith(b"\x89PNG") and found.get("command") == "transfer")
    check("a picture that was changed in flight says so", found.get("changed-in-flight") is True)
    check("a PNG of 16 bits is saved", saved(page, 16)[24] == 16)

    # The run is the program's.
    count = page.run("state.iteration.iteration")
    page.load(program.address)
    check("after a reload the page finds the run", page.wait(f"state.iteration?.iteration > {count} && state.content.name === 'castle.jpg'"))
    check("after a reload the fields are as before", page.wait("$('size').value === '96' && $('balance').value === '0.3'"))
    second = Page(browser, program.address)
    second.wait("state.iteration?.iteration > 0 && !$('pause').disabled")
    second.click("#pause")
    check("two tabs see the same run", page.wait("state.phase === 'paused'") and second.wait("state.phase === 'paused'"))
    check("both have the same iteration", page.run("state.iteration.iteration") == second.run("state.iteration.iteration"))
    second.click("#pause")
    page.wait("state.phase === 'running'")
    guards(program, page)

    # A picture that was made before.
    page.click("#stop")
    page.wait("state.phase === 'ended'")
    with tempfile.TemporaryDirectory() as work:
        made = pathlib.Path(work) / "made.png"
        subprocess.run([IMPASTO, "transfer", "--content", IMAGES / "castle.jpg", "--style", IMAGES / "starry_night.jpg",
                        "--size", "64", "--iterations", "1", "--style-scale", "2", "-o", made, "--quiet"], check=True)
        page.run("document.querySelector('input[value=texture]').click()")
        page.run(f"take([new File([Uint8Array.from(atob('{base64.b64encode(made.read_bytes()).decode()}'), c => c.charCodeAt(0))], 'made.png')])")
        check("a picture that was made before opens with its settings", page.wait(
            "kind() === 'transfer' && $('size').value === '64' && chosen['style-scale'] === 2 && content.name === 'castle.jpg'"))

    # A texture.
    page.run("document.querySelector('input[value=texture]').click(); chosen = {}; "
             "choose({size: 64, iterations: 3, tileable: true, pyramid: false})")
    page.click("#begin")
    check("a texture is made", page.wait("state.kind === 'texture' && state.phase === 'ended' && state.iteration.iteration === 3"))
    page.looks(folder, "texture")

    # What goes wrong.
    page.run("document.querySelector('input[value=transfer]').click(); choose({size: 20})")
    page.click("#begin")
    check("a size that is too small is told in words", page.wait("!$('error').hidden && /size/.test($('error').textContent)"),
          page.run("$('error').textContent"))
    page.run("take([new File(['no picture'], 'notes.txt')])")
    check("a file that is no picture is told", page.wait("/notes.txt/.test($('error').textContent)"))

    reached = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    elsewhere = [u for u in reached if not u.startswith((program.address, "data:", "blob:", "about:", f"http://127.0.0.1:"))]
    check("the page reaches for no other host", not elsewhere, str(elsewhere[:3]))
    thrown = [e["params"]["exceptionDetails"].get("exception", {}).get("description") for e in browser.events
              if e.get("method") == "Runtime.exceptionThrown"]
    check("no error is thrown in the page", not thrown, str(thrown[:2]))
    broken = [e["params"]["entry"]["text"] for e in browser.events
              if e.get("method") == "Log.entryAdded" and "Content Security" in e["params"]["entry"]["text"]]
    check("the page keeps its own policy", not broken, str(broken[:2]))

    # The program ends, and is started again.
    begin = time.time()
    check("the program ends at once when it is asked to", program.end() in (0, 130) and time.time() - begin < 5)
    check("the page tells that it is gone", page.wait("/does not answer/.test($('error').textContent)"))
    again = Program(program.port)
    check("the page finds the program that was started again", page.wait("state.phase === 'idle' && $('error').hidden", 30))
    again.end()

    # For other machines.
    refused = subprocess.run([IMPASTO, "studio", "--host", "0.0.0.0", "--no-open"], capture_output=True, text=True)
    check("no other machine without a token", refused.returncode == 64 and "--token" in refused.stderr)


main()
