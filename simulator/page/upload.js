import { h, icon } from './dom.js';
import { fileSize, t } from './i18n.js';
import { ask } from './popups.js';

const PREVIEW_PX = 320;

const TITLES = { photo: 'sendPhoto', video: 'sendVideo', audio: 'sendAudio', document: 'sendDocument' };

/** The kind of message that a file becomes when nobody says otherwise. */
export const kindOf = ({ type }) =>
  ({ image: 'photo', video: 'video', audio: 'audio' })[type.split('/')[0]] || 'document';

/** Asks for a caption below a preview; null when the person changes their mind. */
export async function askUpload(file, kind) {
  const caption = h('textarea', { rows: 2, maxLength: 1024, dir: 'auto', placeholder: t('caption'), 'aria-label': t('caption') });
  return ask({
    title: t(TITLES[kind]),
    body: [await preview(file, kind), caption],
    confirm: t('send'),
    read: () => caption.value.trim(),
  });
}

/** Drawn on a canvas: the page's security policy allows images from this host only, and a blob is none. */
async function preview(file, kind) {
  if (kind === 'photo') {
    try {
      const bitmap = await createImageBitmap(file);
      const scale = Math.min(1, PREVIEW_PX / bitmap.width, PREVIEW_PX / bitmap.height);
      const size = { width: Math.max(1, bitmap.width * scale), height: Math.max(1, bitmap.height * scale) };
      const canvas = h('canvas', { class: 'preview', ...size });
      canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      return canvas;
    } catch {
      // Not an image that this browser reads; the server decides what becomes of it.
    }
  }
  return h('div', { class: 'card document' },
    h('span', { class: 'card-icon' }, icon('document')),
    h('span', { class: 'card-text' },
      h('span', { class: 'card-title', dir: 'auto' }, file.name),
      h('span', { class: 'card-detail' }, fileSize(file.size))));
}
