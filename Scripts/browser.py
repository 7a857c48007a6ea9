"""Headless Chromium (Debian's package chromium, or CHROMIUM=…), for the scripts that look at pages."""

import json
import os
import shutil
import subprocess
import sys

# What a reader would stumble over. Runs in the page; returns a list of sentences.
CHECKS = r"""
(async () => {
  const found = [];
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.className.baseVal ?? e.className
    ? '.' + String(e.className.baseVal ?? e.className).trim().replaceAll(/\s+/g, '.') : '');
  const quote = text => '“' + text.trim().replace(/\s+/g, ' ').slice(0, 40) + '”';

  for (const image of document.images) {
    image.loading = 'eager';
    // A picture that is replaced by the next one while it is decoded is not broken.
    for (let source, isBroken = true; isBroken && source !== image.src;) {
      source = image.src;
      isBroken = await image.decode().then(() => false, () => true);
      if (isBroken && source === image.src) found.push(`picture ${image.getAttribute('src')} does not load`);
    }
    if (!image.alt.trim()) found.push(`picture ${image.getAttribute('src')} has no description`);
  }
  for (const svg of document.querySelectorAll('svg')) {
    const label = (svg.getAttribute('aria-labelledby') ?? '').split(' ').map(id => document.getElementById(id));
    if (svg.getAttribute('role') !== 'img' || !label.every(e => e?.textContent.trim()))
      found.push(`chart ${name(svg)} has no description`);
  }

  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`id ${id} is used twice`);
  for (const a of document.querySelectorAll('a[href^="#"]'))
    if (!document.getElementById(a.getAttribute('href').slice(1))) found.push(`link ${a.href} leads nowhere`);
  if (!document.documentElement.lang) found.push('the page names no language');
  if (document.querySelectorAll('h1').length !== 1) found.push('there is not one h1');
  let level = 0;
  for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
    if (+h.tagName[1] > level + 1) found.push(`heading ${quote(h.textContent)} skips a level`);
    level = +h.tagName[1];
  }
  for (const table of document.querySelectorAll('table'))
    if (!table.caption?.textContent.trim()) found.push('a table has no caption');

  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > room) {
    const wide = [...document.body.querySelectorAll('*')].find(e => e.getBoundingClientRect().right > room + 0.5);
    found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} of ${room} px`
      + (wide ? `, from ${name(wide)}` : ''));
  }

  const parse = colour => {
    const n = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return n.length < 3 ? null : [n[0], n[1], n[2], n[3] ?? 1];
  };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const luminance = c => c.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    const layers = [];
    for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    return layers.filter(c => c && c[3] > 0).reduceRight((below, c) => over(c, below), [255, 255, 255, 1]);
  };
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const e = node.parentElement;
    if (!node.textContent.trim() || e.closest('style,script,title,desc,.skip')) continue;
    const style = getComputedStyle(e);
    if (style.visibility === 'hidden' || !e.getClientRects().length) continue;
    const text = parse(e.closest('svg') ? style.fill : style.color);
    if (!text) { found.push(`the colour of ${quote(node.textContent)} cannot be told`); continue; }
    let opacity = text[3];
    for (let a = e; a; a = a.parentElement) opacity *= +getComputedStyle(a).opacity;
    const back = ground(e);
    const [a, b] = [luminance(over([...text.slice(0, 3), opacity], back)), luminance(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) {
      const sentence = `contrast ${ratio.toFixed(2)} of ${name(e)} ${quote(node.textContent)}`;
      if (!seen.has(name(e))) found.push(sentence);
      seen.add(name(e));
    }
    const scale = e.closest('svg') ? e.closest('svg').getBoundingClientRect().width / e.closest('svg').viewBox.baseVal.width : 1;
    if (size * scale < 10.5) found.push(`${quote(node.textContent)} is ${(size * scale).toFixed(1)} px tall`);
  }
  return found;
})()
"""


class Browser:
    """Chromium, spoken to by its DevTools protocol over the file descriptors 3 and 4."""

    def __init__(self, profile):
        program = os.environ.get("CHROMIUM") or next(
            (p for p in map(shutil.which, ["chromium", "chromium-browser", "google-chrome"]) if p), None)
        if not program:
            sys.exit("no Chromium; install Debian's package chromium, or set CHROMIUM=…")
        command_read, self.commands = os.pipe()
        self.answers, answer_write = os.pipe()
        # To the numbers that the browser expects, above which they are kept until then.
        inside, outside = os.dup(command_read), os.dup(answer_write)

        def place():
            a, b = os.dup(inside), os.dup(outside)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
             f"--user-data-dir={profile}"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in (command_read, answer_write, inside, outside):
            os.close(descriptor)
        self.number, self.rest, self.session, self.events = 0, b"", None, []

    def message(self):
        while b"\0" not in self.rest:
            chunk = os.read(self.answers, 1 << 20)
            if not chunk:
                sys.exit("the browser went away")
            self.rest += chunk
        line, _, self.rest = self.rest.partition(b"\0")
        return json.loads(line)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"the browser: {method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            return [f"a check failed: {result['exceptionDetails']['exception'].get('description')}"]
        return result["result"].get("value")
