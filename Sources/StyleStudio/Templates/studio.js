'use strict';

// The studio's page: what is chosen goes to the program, what is painted comes from it. The run is the program's; this
// page shows it, and can be loaded anew at any time.

const $ = id => document.getElementById(id);
const key = document.querySelector('meta[name="impasto-key"]').content;

/** The picture, settings and branch that the page knows of. */
let state = { version: 0, path: -1, phase: 'idle' };
let points = [];
let presets = [];
/** Pictures by their names in the program: { id, name, width, height, url }. */
let content = null;
let styles = [];
let start = null;
/** Settings that were chosen here; all others are the preset's. */
let chosen = {};
const urls = new Map();

// ---------- The program

async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { 'X-Impasto-Key': key, ...options.headers } });
  if (response.status === 403) {
    const text = await response.text();
    if (text.includes('load the page anew')) location.reload();
    throw new Error(text.trim());
  }
  return response;
}

async function post(path, body) {
  const response = await ask(path, { method: 'POST', body });
  if (response.ok) return response;
  let sentence = `The program answered ${response.status}.`;
  const text = await response.text();
  try { sentence = JSON.parse(text).error; } catch { if (text) sentence = text.trim(); }
  throw new Error(sentence);
}

const tell = async (path, body) => {
  try {
    await post(path, body === undefined ? undefined : JSON.stringify(body));
    complain('');
    return true;
  } catch (error) { complain(error.message); return false; }
};

function complain(sentence) {
  // Settings are named as flags, for whoever types them; here they have labels.
  $('error').textContent = sentence.replace(/(^|\s)--/g, '$1');
  $('error').hidden = !sentence;
}

async function imageURL(name, side) {
  const address = `api/image/${encodeURIComponent(name)}?side=${side}`;
  if (!urls.has(address)) {
    urls.set(address, ask(address).then(async r => {
      if (!r.ok) throw new Error('gone');
      return URL.createObjectURL(await r.blob());
    }));
    urls.get(address).catch(() => urls.delete(address));
  }
  return urls.get(address);
}

// ---------- What is chosen

const kind = () => document.querySelector('input[name="kind"]:checked').value;
const table = () => presets.find(p => p.name === (kind() === 'transfer' ? $('preset').value : kind()))?.settings ?? {};

/** The value of a setting, chosen here or the preset's. */
const setting = name => chosen[name] ?? table()[name];

function wish() {
  const settings = { ...chosen };
  if (kind() === 'transfer') settings.preset = $('preset').value;
  return {
    command: kind(), content: kind() === 'texture' ? null : content?.id ?? null,
    styles: kind() === 'reconstruct' ? [] : styles.map(s => s.id), start: start?.id ?? null, mask: maskId(),
    settings: fitting(settings),
  };
}

/** The mask of an opened picture, until the program tells of its own; it goes with one photograph. */
let openedMask = null;
function maskId() {
  if (kind() !== 'transfer' || !content) return null;
  if (openedMask?.content === content.id) return openedMask.id;
  return state.mask && state.content?.id === content.id ? state.mask.id : null;
}

/** The settings that the kind has a use for. */
function fitting(settings) {
  const useless = {
    transfer: ['width', 'height', 'tileable', 'spectrum-weight'],
    texture: ['balance', 'content-weight', 'content-layers', 'keep-colors', 'color-matching', 'alpha', 'style-rotations'],
    reconstruct: ['balance', 'style-weight', 'style-layers', 'style-loss', 'style-scale', 'style-blend', 'keep-colors',
      'alpha', 'style-rotations', 'color-matching', 'width', 'height', 'tileable', 'spectrum-weight'],
  }[kind()];
  const kept = Object.fromEntries(Object.entries(settings).filter(([name]) => !useless.includes(name)));
  if (kind() !== 'transfer' && kept.init && kept.init !== 'noise') delete kept.init;
  if (kept['style-blend'] && kept['style-blend'].length !== styles.length) delete kept['style-blend'];
  if (kept.tileable && !kept.padding) kept.padding = 'circular';
  return kept;
}

function show(value, digits = 3) {
  if (value === undefined || value === null || value === '') return '';
  return typeof value === 'number' ? String(+value.toPrecision(digits)) : String(value);
}

/** Fills the fields from what is chosen and the preset. */
function fill() {
  for (const part of document.querySelectorAll('[data-for]')) {
    part.hidden = !part.dataset.for.split(' ').includes(kind());
  }
  $('content-part').hidden = kind() === 'texture';
  $('style-part').hidden = kind() === 'reconstruct';
  const balance = setting('balance');
  const byWeights = balance === undefined || chosen['content-weight'] !== undefined || chosen['style-weight'] !== undefined;
  if (document.activeElement !== $('balance')) $('balance').value = byWeights ? 0.5 : balance;
  $('balance-value').textContent = byWeights ? 'by weights' : show(balance, 2);
  const scale = setting('style-scale') ?? 1;
  if (document.activeElement !== $('style-scale')) $('style-scale').value = Math.log2(scale);
  $('style-scale-value').textContent = `× ${show(scale, 2)}`;
  for (const name of ['size', 'iterations', 'width', 'height', 'content-weight', 'style-weight', 'content-layers',
    'style-layers', 'tv-weight', 'spectrum-weight', 'seed', 'keep-colors', 'style-loss', 'init', 'optimizer', 'precision']) {
    const field = $(name);
    if (document.activeElement === field) continue;
    const value = setting(name);
    field.value = typeof value === 'number' ? show(value, 6) : value ?? (name === 'precision' ? 'full' : '');
  }
  $('tileable').checked = chosen.tileable === true;
  $('preset-summary').textContent = presets.find(p => p.name === $('preset').value)?.summary ?? '';
  for (const option of $('init').options) option.hidden = kind() !== 'transfer' && option.value !== 'noise';
  for (const name of ['brush', 'soft', 'opacity']) {
    $(`${name}-value`).textContent = $(name).value + (name === 'brush' ? ' px' : ' %');
  }
  fillBlend();
  buttons();
}

function fillBlend() {
  $('blend-part').hidden = styles.length < 2 || kind() === 'reconstruct';
  const blend = chosen['style-blend']?.length === styles.length ? chosen['style-blend'] : styles.map(() => 1);
  if ($('blend').contains(document.activeElement)) return;
  $('blend').replaceChildren(...styles.map((style, index) => {
    const row = document.createElement('div');
    row.className = 'slider';
    const input = Object.assign(document.createElement('input'),
      { type: 'range', min: 0, max: 1, step: 0.05, value: blend[index], id: `blend-${index}` });
    const label = Object.assign(document.createElement('label'), { htmlFor: input.id, textContent: style.name });
    const part = document.createElement('div');
    const output = document.createElement('output');
    output.textContent = show(blend[index], 2);
    input.addEventListener('input', () => {
      const values = [...$('blend').querySelectorAll('input')].map(i => +i.value);
      output.textContent = show(+input.value, 2);
      if (values.some(v => v > 0)) choose({ 'style-blend': values });
    });
    row.append(input, output);
    part.append(label, row);
    return part;
  }));
}

let changeTimer;
/** When something was chosen here last; until a moment after that nothing is taken over from elsewhere. */
let lastTouched = -Infinity;

/** Takes settings; `undefined` gives one back to the preset. A run that is there goes on with them. */
function choose(settings) {
  lastTouched = performance.now();
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || value === '' || Number.isNaN(value)) delete chosen[name]; else chosen[name] = value;
  }
  fill();
  changed();
}

function changed() {
  clearTimeout(changeTimer);
  if (!isBusy()) return;
  changeTimer = setTimeout(() => { if (isBusy() && isComplete()) tell('api/change', wish()); }, 350);
}

const isBusy = () => ['preparing', 'running', 'paused'].includes(state.phase);
const isComplete = () => (kind() === 'texture' || content) && (kind() === 'reconstruct' || styles.length > 0);

// ---------- Pictures that come in

async function bring(file) {
  const address = `api/pictures?name=${encodeURIComponent(file.name)}`;
  return (await post(address, file)).json();
}

/** Takes dropped or chosen files: one that impasto made opens with its settings, the others are told by their place. */
async function take(files, role) {
  complain('');
  const errors = [];
  for (const file of files) {
    try {
      $('status').textContent = `Reading ${file.name} …`;
      const picture = await bring(file);
      if (picture.settings && role === undefined) { open(picture); continue; }
      if (role === 'content' || (role === undefined && !content && kind() !== 'texture')) content = picture;
      else if (!styles.some(s => s.id === picture.id)) styles.push(picture);
    } catch (error) { errors.push(error.message); }
  }
  await thumbs();
  fill();
  if (errors.length) complain(errors.join(' '));
  status();
  changed();
}

/** Opens a picture that was made before: its settings, and those of its pictures that are here. */
function open(picture) {
  const { settings } = picture;
  const no = new Set(['command', 'version', 'preset', 'content', 'style', 'content-sha256', 'style-sha256', 'init-sha256',
    'weights-sha256', 'stopped-at-iteration', 'changed-in-flight', 'init', 'metadata', 'bit-depth', 'quality', 'mask',
    'mask-sha256', 'region', 'region-sha256']);
  document.querySelector(`input[name="kind"][value="${settings.command}"]`).checked = true;
  if (settings.command === 'transfer') $('preset').value = settings.preset;
  const own = table();
  chosen = Object.fromEntries(Object.entries(settings)
    .filter(([name, value]) => !no.has(name) && JSON.stringify(own[name]) !== JSON.stringify(value)));
  if (['content', 'colour', 'noise'].includes(settings.init) && settings.init !== own.init) chosen.init = settings.init;
  const missing = [];
  if (settings.content) {
    if (picture.content) content = known(picture.content, settings.content); else { content = null; missing.push(settings.content); }
  }
  openedMask = null;
  if (settings.mask) {
    if (picture.mask && content) openedMask = { id: picture.mask, content: content.id }; else missing.push(settings.mask);
  }
  if (settings.region?.length) missing.push('regions, which this page has not');
  if (settings.style?.length) {
    styles = [];
    settings.style.forEach((name, index) => {
      const id = picture.styles?.[index];
      if (id) styles.push(known(id, name)); else missing.push(name);
    });
  }
  if (!isBusy()) {
    imageURL(picture.id, 2048).then(url => { $('picture').src = url; $('easel').hidden = false; $('empty').hidden = true; });
  }
  fill();
  complain(missing.length ? `${picture.name} is open with its settings. It was made from ${missing.join(' and ')}: choose `
    + `${missing.length > 1 ? 'them' : 'it'} as well to paint on.` : '');
}

const known = (id, name) => ({ id, name });

async function thumbs() {
  const fillThumb = async (box, pictures, word) => {
    const images = await Promise.all(pictures.slice(0, 3).map(async p => {
      const image = new Image();
      image.alt = p.name;
      try { image.src = await imageURL(p.id, 256); } catch { return null; }
      return image;
    }));
    const there = images.filter(Boolean);
    box.classList.toggle('some', there.length > 0);
    if (there.length) box.replaceChildren(...there);
    else { const span = document.createElement('span'); span.textContent = word; box.replaceChildren(span); }
  };
  await fillThumb($('content-thumb'), content ? [content] : [], 'Photograph');
  await fillThumb($('style-thumb'), styles, 'Painting');
  $('content-name').textContent = content ? content.name : '';
  $('style-list').replaceChildren(...styles.map(style => {
    const row = document.createElement('div');
    const name = document.createElement('span');
    name.textContent = style.name;
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.textContent = 'Remove';
    remove.setAttribute('aria-label', `Remove ${style.name}`);
    remove.addEventListener('click', () => { styles = styles.filter(s => s !== style); delete chosen['style-blend']; thumbs(); fill(); changed(); });
    row.append(name, remove);
    return row;
  }));
  if (content) {
    try { $('photograph').src = await imageURL(content.id, 2048); } catch { /* It is forgotten; the next wish says so. */ }
  }
  $('lens').hidden = $('easel').hidden || !content || kind() === 'texture';
}

// ---------- What can be pressed

for (const radio of document.querySelectorAll('input[name="kind"]')) {
  radio.addEventListener('change', () => { fill(); thumbs(); status(); });
}
$('content-file').addEventListener('change', event => { take(event.target.files, 'content'); event.target.value = ''; });
$('style-file').addEventListener('change', event => { take(event.target.files, 'style'); event.target.value = ''; });
$('preset').addEventListener('change', () => { fill(); changed(); });
$('balance').addEventListener('input', () => choose({ balance: +$('balance').value, 'content-weight': undefined, 'style-weight': undefined }));
$('style-scale').addEventListener('input', () => choose({ 'style-scale': +(2 ** +$('style-scale').value).toPrecision(3) }));
for (const name of ['size', 'iterations', 'width', 'height']) {
  $(name).addEventListener('change', () => {
    const value = $(name).valueAsNumber;
    // A list of sizes belongs to a picture that was opened; whoever says a size or iterations wants no list.
    if (name !== 'width' && name !== 'height') delete chosen.scales;
    choose({ [name]: Number.isNaN(value) ? undefined : Math.round(value) });
  });
}
for (const name of ['content-weight', 'style-weight', 'tv-weight', 'spectrum-weight', 'seed']) {
  $(name).addEventListener('change', () => {
    const text = $(name).value.trim().replace(',', '.').replace('−', '-');
    if (text !== '' && !Number.isFinite(+text)) { complain(`“${text}” is no number.`); return; }
    const more = (name === 'content-weight' || name === 'style-weight') ? { balance: undefined } : {};
    choose({ [name]: text === '' ? undefined : +text, ...more });
  });
}
for (const name of ['content-layers', 'style-layers', 'keep-colors', 'style-loss', 'init', 'optimizer', 'precision']) {
  $(name).addEventListener('change', () => choose({ [name]: $(name).value.trim() }));
}
$('tileable').addEventListener('change', () => choose({ tileable: $('tileable').checked ? true : undefined }));
for (const name of ['brush', 'soft', 'opacity']) $(name).addEventListener('input', fill);

$('begin').addEventListener('click', async () => {
  if (await tell('api/begin', wish()) && !isBusy()) $('status').textContent = 'Looking at the pictures …';
});
$('pause').addEventListener('click', () => {
  if (state.phase === 'ended') tell('api/change', wish());
  else tell(state.phase === 'paused' ? 'api/resume' : 'api/pause');
});
$('stop').addEventListener('click', () => tell('api/stop'));
$('clear-queue').addEventListener('click', () => tell('api/clear'));
$('settings').addEventListener('submit', event => event.preventDefault());
$('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText($('command').textContent);
    $('copy').textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren($('command'));
    $('copy').textContent = 'Selected';
  }
  setTimeout(() => { $('copy').textContent = 'Copy'; }, 2000);
});

async function save(bits) {
  try {
    const response = await ask(`api/picture.png?bits=${bits}`);
    if (!response.ok) throw new Error('There is no picture yet.');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    const name = (content ?? styles[0])?.name.replace(/\.[^.]*$/, '') ?? 'picture';
    link.download = `${name}-impasto.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    if (!state.mask) return;
    // The command for this names it.
    const beside = document.createElement('a');
    beside.href = URL.createObjectURL(await (await ask('api/mask.png')).blob());
    beside.download = state.mask.name;
    beside.click();
    setTimeout(() => URL.revokeObjectURL(beside.href), 60000);
  } catch (error) { complain(error.message); }
}
$('save8').addEventListener('click', () => save(8));
$('save16').addEventListener('click', () => save(16));

// ---------- Dropping

let depth = 0;
const hasFiles = event => [...(event.dataTransfer?.types ?? [])].includes('Files');
addEventListener('dragenter', event => { if (hasFiles(event)) { depth++; $('drop').hidden = false; event.preventDefault(); } });
addEventListener('dragover', event => { if (hasFiles(event)) event.preventDefault(); });
addEventListener('dragleave', event => { if (hasFiles(event) && --depth <= 0) { depth = 0; $('drop').hidden = true; } });
addEventListener('drop', event => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  depth = 0;
  $('drop').hidden = true;
  const role = event.target.closest?.('#content-part') ? 'content' : event.target.closest?.('#style-part') ? 'style' : undefined;
  take([...event.dataTransfer.files], role);
});
addEventListener('paste', event => { if (event.clipboardData?.files.length) take([...event.clipboardData.files]); });
addEventListener('resize', size);
document.addEventListener('visibilitychange', () => { if (!document.hidden) frame(); });
