'use strict';

// What lies over the picture: the mask of what is kept, and the photograph to compare with.

// ---------- The mask

const mask = { canvas: $('mask'), x: 0.5, y: 0.5, isDown: false };

function maskSize() {
  const ratio = state.height && state.width ? state.height / state.width : 1;
  const width = ratio > 1 ? Math.round(512 / ratio) : 512;
  const height = Math.max(16, Math.round(width * ratio));
  if (mask.canvas.width !== width || mask.canvas.height !== height) { mask.canvas.width = width; mask.canvas.height = height; }
}

function dab(x, y, pressure = 1) {
  const context = mask.canvas.getContext('2d');
  const scale = mask.canvas.width / Math.max(mask.canvas.clientWidth, 1);
  const radius = Math.max(1, +$('brush').value / 2 * scale * (0.4 + 0.6 * pressure));
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--keep');
  const alpha = +$('opacity').value / 100;
  const gradient = context.createRadialGradient(x, y, radius * (1 - +$('soft').value / 100) * 0.98, x, y, radius);
  gradient.addColorStop(0, `rgba(${colour}, ${alpha})`);
  gradient.addColorStop(1, `rgba(${colour}, 0)`);
  context.globalCompositeOperation = $('erase').checked ? 'destination-out' : 'source-over';
  context.fillStyle = gradient;
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.fill();
}

function stroke(event) {
  const box = mask.canvas.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width * mask.canvas.width;
  const y = (event.clientY - box.top) / box.height * mask.canvas.height;
  const pressure = event.pointerType === 'pen' ? event.pressure : 1;
  const distance = Math.hypot(x - mask.x, y - mask.y);
  const step = Math.max(1, +$('brush').value / 8);
  const steps = mask.isDown ? Math.max(1, Math.ceil(distance / step)) : 1;
  const from = mask.isDown ? { x: mask.x, y: mask.y } : { x, y };
  for (let i = 1; i <= steps; i++) dab(from.x + (x - from.x) * i / steps, from.y + (y - from.y) * i / steps, pressure);
  Object.assign(mask, { x, y, isDown: true });
}

mask.canvas.addEventListener('pointerdown', event => {
  maskSize();
  mask.isDown = false;
  mask.canvas.setPointerCapture(event.pointerId);
  stroke(event);
});
mask.canvas.addEventListener('pointermove', event => {
  if (!mask.isDown) return;
  for (const e of event.getCoalescedEvents?.() ?? [event]) stroke(e);
});
for (const name of ['pointerup', 'pointercancel']) mask.canvas.addEventListener(name, () => { mask.isDown = false; });
mask.canvas.addEventListener('keydown', event => {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const step = event.shiftKey ? 24 : 8;
  if (moves[event.key]) {
    mask.x = Math.min(mask.canvas.width, Math.max(0, mask.x + moves[event.key][0] * step));
    mask.y = Math.min(mask.canvas.height, Math.max(0, mask.y + moves[event.key][1] * step));
  } else if (event.key === ' ') dab(mask.x, mask.y);
  else return;
  event.preventDefault();
});

$('mask-on').addEventListener('change', () => {
  mask.canvas.hidden = !$('mask-on').checked;
  if (!mask.canvas.hidden) maskSize();
});
$('mask-clear').addEventListener('click', () => {
  mask.canvas.getContext('2d').clearRect(0, 0, mask.canvas.width, mask.canvas.height);
  openedMask = null;
  if (state.hasMask) tell('api/mask');
});
$('mask-invert').addEventListener('click', () => {
  maskSize();
  const context = mask.canvas.getContext('2d');
  context.globalCompositeOperation = 'source-out';
  context.fillStyle = `rgb(${getComputedStyle(document.documentElement).getPropertyValue('--keep')})`;
  context.fillRect(0, 0, mask.canvas.width, mask.canvas.height);
});
$('mask-apply').addEventListener('click', async () => {
  maskSize();
  const { width, height } = mask.canvas;
  const drawn = mask.canvas.getContext('2d').getImageData(0, 0, width, height);
  // The program reads how much is kept from red, of opaque pixels, which come through unchanged.
  const grey = new ImageData(width, height);
  for (let i = 0; i < drawn.data.length; i += 4) {
    grey.data[i] = grey.data[i + 1] = grey.data[i + 2] = drawn.data[i + 3];
    grey.data[i + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d').putImageData(grey, 0, 0);
  try {
    openedMask = null;
    await post(`api/mask?of=${$('keep-of').value}`, await canvas.convertToBlob({ type: 'image/png' }));
    complain('');
  } catch (error) { complain(error.message); }
});

// ---------- The lens

function wipe() {
  const part = +$('wipe').value;
  $('photograph').hidden = part === 0;
  $('photograph').style.clipPath = `inset(0 ${100 - part}% 0 0)`;
}
$('wipe').addEventListener('input', wipe);
function hold(isHeld) {
  $('hold').setAttribute('aria-pressed', String(isHeld));
  if (isHeld) { $('photograph').hidden = false; $('photograph').style.clipPath = 'none'; } else wipe();
}
$('hold').addEventListener('pointerdown', event => { $('hold').setPointerCapture(event.pointerId); hold(true); });
for (const name of ['pointerup', 'pointercancel', 'blur']) $('hold').addEventListener(name, () => hold(false));
$('hold').addEventListener('keydown', event => { if (event.key === ' ' || event.key === 'Enter') { event.preventDefault(); hold(true); } });
$('hold').addEventListener('keyup', () => hold(false));
$('full').addEventListener('click', () => {
  $('full').setAttribute('aria-pressed', String($('full').getAttribute('aria-pressed') !== 'true'));
  size();
});
