import { h } from './dom.js';
import { t } from './i18n.js';

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u;

/** The text or the caption of a message with what can be tapped in it; null when there is none. */
export function writtenIn(message) {
  if (!message.html) return null;
  const text = h('div', { class: 'text', dir: 'auto', html: message.html });
  for (const hidden of text.querySelectorAll('.spoiler')) asButton(hidden, t('spoiler'));
  for (const fold of text.querySelectorAll('blockquote.expandable')) asButton(fold, t('unfold'));
  for (const code of text.querySelectorAll('code')) {
    if (!code.closest('a')) asButton(code, t('copy'));
  }
  if (message.text && ONLY_EMOJI.test(message.text.trim())) text.classList.add('emoji-only');
  return text;
}

function asButton(node, title) {
  Object.assign(node, { tabIndex: 0, title, role: 'button' });
}
