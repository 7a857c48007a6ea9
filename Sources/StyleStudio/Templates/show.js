'use strict';

// What the program tells: the picture, its losses and its history, as they come.

// ---------- What is shown

function time(seconds) {
  if (seconds < 1) return 'a moment';
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds) % 60).padStart(2, '0')} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.round(seconds / 60) % 60).padStart(2, '0')} min`;
}

const bytes = count => count >= 1e10 ? `${(count / 1e9).toFixed(1)} GB` : `${Math.round(count / 1e6).toLocaleString('en')} MB`;

function number(value) {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.01 && size < 10000) return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : value.toFixed(4);
  return value.toExponential(2).replace('e-', 'e−').replace('e+', 'e');
}

function status() {
  const s = state;
  const parts = [];
  if (s.phase === 'idle') parts.push(isComplete() ? 'Ready to paint.' : 'Nothing is painted yet.');
  if (s.phase === 'preparing') parts.push('Looking at the pictures …');
  if (s.phase === 'failed') parts.push('It cannot be painted.');
  if (s.iteration) {
    const word = { running: 'Painting', paused: 'Paused', ended: 'Done' }[s.phase] ?? '';
    parts.push(`${word}: iteration ${s.iteration.iteration}${s.phase === 'running' ? ` of at most ${s.iterations}` : ''}, `
      + `${s.iteration.side} of ${s.sides[s.sides.length - 1]} px`);
    if (s.secondsLeft) parts.push(`${time(s.secondsLeft)} left`);
    if (s.phase === 'ended' && s.message) parts.push(s.message);
  }
  if (s.memory && s.iteration) parts.push(bytes(s.memory) + (s.memoryPlanned ? ` of ${bytes(s.memoryPlanned)} planned` : ''));
  $('status').textContent = parts.join(' · ');
}

function buttons() {
  const busy = isBusy();
  $('begin').disabled = !isComplete();
  $('begin').classList.toggle('main', !busy);
  $('begin').textContent = busy ? 'Queue' : state.iteration ? 'Paint anew' : 'Paint';
  const canGoOn = state.phase === 'paused' || (state.phase === 'ended' && isComplete());
  $('pause').disabled = !(state.phase === 'running' || canGoOn);
  $('pause').textContent = canGoOn ? 'Go on' : 'Pause';
  $('stop').disabled = !busy;
  for (const id of ['save8', 'save16', 'mask-apply']) $(id).disabled = !state.iteration;
}

function chart(id, values, low, high, stages) {
  const svg = $(id);
  const count = Math.max(values.length - 1, 1);
  const y = v => 114 - 108 * (Math.log(Math.max(v, low)) - Math.log(low)) / Math.max(Math.log(high) - Math.log(low), 1e-9);
  const pathText = values.map((v, i) => `${i ? 'L' : 'M'}${(320 * i / count).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  const make = (name, attributes) => {
    const e = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    return e;
  };
  svg.replaceChildren(
    ...stages.map(i => make('line', { x1: 320 * i / count, x2: 320 * i / count, y1: 0, y2: 120 })),
    make('path', { d: pathText }));
}

function charts() {
  $('losses-part').hidden = points.length < 2;
  if (points.length < 2) return;
  const columns = [['total', p => p.total], ['content', p => p.content], ['style', p => p.style]]
    .map(([name, of]) => [name, points.map(of)]);
  const all = columns.flatMap(([, values]) => values).filter(v => v > 0);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const stages = points.map((p, i) => i > 0 && p.side !== points[i - 1].side ? i : 0).filter(Boolean);
  for (const [name, values] of columns) {
    const isThere = values.some(v => v > 0);
    if (name !== 'total') $(`figure-${name}`).hidden = !isThere;
    $(`loss-${name}`).textContent = number(values[values.length - 1]);
    if (isThere) chart(`chart-${name}`, values, low, high, stages);
  }
}

/** Flags in a person's words. */
const words = {
  'style-scale': 'stroke size', 'style-loss': 'style', 'keep-colors': 'colours', 'tv-weight': 'smoothing', init: 'begins as',
  optimizer: 'optimiser', size: 'size',
};
const spoken = label => label.split(', ').map(part => {
  const [name, ...rest] = part.split(' ');
  return [words[name] ?? name.replaceAll('-', ' '), ...rest].join(' ');
}).join(', ');

function history() {
  $('history-part').hidden = state.nodes.length === 0;
  const strip = $('history');
  const wanted = state.nodes.map(n => String(n.id)).join();
  if (strip.dataset.nodes !== `${state.path}:${wanted}`) {
    strip.dataset.nodes = `${state.path}:${wanted}`;
    strip.replaceChildren(...state.nodes.map(node => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.node = node.id;
      const image = new Image();
      image.alt = `Place ${node.id + 1}`;
      imageURL(String(node.id), 256).then(url => { image.src = url; }, () => {});
      const label = document.createElement('span');
      label.textContent = `then ${spoken(node.label)}`;
      const small = document.createElement('small');
      small.textContent = `iteration ${node.iteration}, ${node.side} px` + (node.parent === undefined || node.parent === null ? '' : `, from ${node.parent + 1}`);
      const count = document.createElement('small');
      count.textContent = `Place ${node.id + 1}`;
      button.append(image, count, label, small);
      button.setAttribute('aria-label', `Go back to place ${node.id + 1}, iteration ${node.iteration}, before: ${spoken(node.label)}`);
      button.addEventListener('click', () => tell(`api/back?node=${node.id}`));
      const item = document.createElement('li');
      item.append(button);
      return item;
    }));
    strip.scrollLeft = strip.scrollWidth;
  }
  for (const button of strip.querySelectorAll('button')) {
    button.setAttribute('aria-current', String(+button.dataset.node === state.node));
  }
}

let shownFrame = -1;
let isFetchingFrame = false;
let frameURL;

/** Fetches the newest picture, one at a time: what comes in between is skipped. */
async function frame() {
  if (isFetchingFrame || state.frame === shownFrame || !state.iteration || document.hidden) return;
  isFetchingFrame = true;
  try {
    const room = Math.ceil(Math.max($('canvas').clientWidth, 320) * Math.min(devicePixelRatio, 2));
    const response = await ask(`api/frame?side=${Math.min(room, 2048)}`);
    if (response.ok) {
      shownFrame = +response.headers.get('X-Frame');
      const url = URL.createObjectURL(await response.blob());
      const image = $('picture');
      image.src = url;
      await image.decode().catch(() => {});
      if (frameURL) URL.revokeObjectURL(frameURL);
      frameURL = url;
      if ($('easel').hidden) { $('easel').hidden = false; $('empty').hidden = true; await thumbs(); }
      size();
    }
  } finally { isFetchingFrame = false; }
  if (state.frame !== shownFrame && state.phase !== 'running') frame();
}

/** A small picture is shown as large as its finished one will be. */
function size() {
  const isFull = $('full').getAttribute('aria-pressed') === 'true';
  const easel = $('easel');
  easel.classList.toggle('sized', true);
  if (!state.width) return;
  const room = $('canvas').clientWidth - 24;
  const isNarrow = innerWidth < 960;
  const tall = innerHeight * (isNarrow ? 0.4 : 0.72) * state.width / state.height;
  const fit = Math.min(room, tall, Math.max(2 * state.width, 480));
  easel.style.setProperty('--shown-width', `${Math.round(isFull ? state.width / devicePixelRatio : fit)}px`);
}

// ---------- The loop

let shownMessage;

async function poll() {
  let pause = 120;
  try {
    const response = await ask(`api/state?version=${state.version}&path=${state.path}&points=${points.length}`);
    if (!response.ok) throw new Error(`The program answered ${response.status}.`);
    const next = await response.json();
    if (next.path !== state.path) points = next.points; else points = points.concat(next.points);
    const isNewBranch = next.path !== state.path;
    const isFirst = state.version === 0 && state.path === -1;
    // Another tab has changed something.
    const isOther = next.wished !== state.wished && performance.now() - lastTouched > 1500;
    state = next;
    if ($('error').dataset.lost) { delete $('error').dataset.lost; complain(''); }
    if (isFirst || isNewBranch || isOther) await adopt();
    if (state.message && state.message !== shownMessage && state.phase !== 'ended') complain(state.message);
    shownMessage = state.message;
    status();
    buttons();
    if (!document.hidden) { charts(); history(); }
    $('progress').hidden = !['running', 'paused'].includes(state.phase);
    if (state.iteration) $('progress').value = Math.min(1, state.iteration.iteration / Math.max(state.iterations, 1));
    $('command').textContent = state.command ?? '–';
    $('command-hint').hidden = state.nodes.length === 0;
    $('queue-part').hidden = state.queue.length === 0;
    $('queue').replaceChildren(...state.queue.map(text => Object.assign(document.createElement('li'), { textContent: text })));
    frame();
    if (document.hidden) pause = 2000;
  } catch (error) {
    $('error').dataset.lost = 'yes';
    complain('The program does not answer. When it is started again, this page finds it.');
    pause = 1000;
  }
  setTimeout(poll, pause);
}

/** Takes over what the program is painting: after a reload, in a second tab, and when one goes back in the history. */
async function adopt() {
  if (!state.iteration && state.phase === 'idle') return;
  const radio = document.querySelector(`input[name="kind"][value="${state.kind}"]`);
  if (radio) radio.checked = true;
  if (state.content) content = state.content;
  if (state.styles.length) styles = state.styles;
  const wished = state.wished ? JSON.parse(state.wished) : {};
  if (wished.preset) $('preset').value = wished.preset;
  delete wished.preset;
  chosen = wished;
  await thumbs();
  fill();
}

// ---------- The beginning

(async () => {
  presets = await (await ask('api/presets')).json();
  $('preset').replaceChildren(...presets.filter(p => p.kind === 'transfer').map(p => new Option(p.name, p.name)));
  $('preset').value = 'painterly';
  const opening = await (await ask('api/opening')).json();
  content = opening.content ?? null;
  styles = opening.styles;
  await thumbs();
  fill();
  poll();
})().catch(error => complain(error.message));
