// A picture opens over the page, at its own size; the photograph takes its place while O is held. Without this the
// picture's link opens it.
(() => {
  const viewer = document.getElementById('viewer');
  // Made here, since a picture without a source would be a broken one.
  const picture = new Image();
  const original = document.getElementById('viewer-original');
  if (!viewer.showModal) return;
  let shown = '';
  const show = isOriginal => {
    picture.src = isOriginal ? '{{original}}' : shown;
    original.setAttribute('aria-pressed', String(isOriginal));
  };
  for (const link of document.querySelectorAll('a.picture')) {
    link.addEventListener('click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      const image = link.querySelector('img');
      shown = link.getAttribute('href');
      picture.alt = image.alt;
      picture.width = image.getAttribute('width');
      picture.height = image.getAttribute('height');
      document.getElementById('viewer-text').textContent = image.alt;
      show(false);
      viewer.querySelector('.frame').append(picture);
      viewer.showModal();
    });
  }
  document.getElementById('viewer-close').addEventListener('click', () => viewer.close());
  viewer.addEventListener('click', event => { if (event.target === viewer) viewer.close(); });
  viewer.addEventListener('keydown', event => { if (event.key === 'o' || event.key === 'O') show(true); });
  viewer.addEventListener('keyup', event => { if (event.key === 'o' || event.key === 'O') show(false); });
  original.addEventListener('pointerdown', () => show(true));
  for (const name of ['pointerup', 'pointerleave', 'pointercancel']) original.addEventListener(name, () => show(false));
})();
