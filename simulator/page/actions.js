import { api } from './api.js';
import { copy } from './clicks.js';
import { h, icon } from './dom.js';
import { d, now, t } from './i18n.js';
import { summary } from './message.js';
import { ask, keepInside, menu } from './popups.js';

/** What is offered at once, then all others that Telegram has (Bot API, ReactionTypeEmoji). */
const QUICK = ['👍', '❤', '🔥', '🎉', '👏', '🙏', '🤔'];
const OTHERS = Array.from(
  new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(
    '👎🥰😁🤯😱🤬😢🤩🤮💩👌🕊🤡🥱🥴😍🐳❤️‍🔥🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👨‍💻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷‍♂️🤷🤷‍♀️😡',
  ),
  (part) => part.segment,
);
/** So long one's own message can be changed; the server refuses it later too. */
const EDITABLE_SECONDS = 48 * 3600;

const UNCAPTIONED = ['sticker', 'video_note'];

/** Whether a message is a file that can be told of in words. */
export const mayHaveCaption = ({ photo, document, media }) =>
  Boolean(photo || document || (media && !UNCAPTIONED.includes(media.kind)));

export function mayEdit(message, viewer) {
  return message.from?.id === viewer && !message.service && !message.via_bot &&
    (Boolean(message.text) || mayHaveCaption(message)) && now() - message.date < EDITABLE_SECONDS;
}

function mayDelete(message, talk) {
  return message.from?.id === talk.viewer || !talk.isGroup ||
    talk.store.group(talk.chatId)?.admin_ids.includes(talk.viewer);
}

/** The menu of one message or of a whole album, beside the button or the point (`{x, y}`) that asked for it. */
export function openActions(talk, messages, anchor, at = null) {
  const message = messages.find(({ caption }) => caption) || messages[0];
  const { viewer, composer } = talk;
  const written = message.text || message.caption;
  const mayWrite = !composer.row.hidden;
  const entries = [
    mayWrite && { icon: 'reply', label: t('reply'), run: () => composer.replyTo(message) },
    written && { icon: 'copy', label: t('copyText'), run: () => copy(talk, written) },
    mayWrite && mayEdit(message, viewer) && { icon: 'edit', label: t('edit'), run: () => composer.edit(message) },
    mayDelete(message, talk) && { icon: 'bin', label: t('delete'), danger: true, run: () => confirmDelete(talk, messages) },
    { icon: 'gear', label: d('raw'), run: () => talk.pane.app.drawer.open(talk.chatId, message.id) },
  ];
  menu(anchor, entries.filter(Boolean), {
    label: t('messageMenu', { name: message.from?.name || '' }),
    className: 'message-menu',
    head: reactionRows(talk, message),
    at,
  });
}

async function confirmDelete(talk, messages) {
  const agreed = await ask({
    title: t('deleteAsk'),
    text: t(talk.isGroup ? 'deleteGroup' : 'deleteBoth', { text: summary(messages[0]) }),
    confirm: t('delete'),
    danger: true,
  });
  if (!agreed) return;
  try {
    for (const { id } of messages) await api.remove(talk.viewer, talk.chatId, id);
  } catch (error) {
    talk.pane.fail(error);
  }
}

/** The emoji above the menu's entries; the last of the first row brings the others. */
function reactionRows(talk, message) {
  const own = ownReaction(message, talk.viewer);
  const button = (emoji) => h('button', {
    type: 'button',
    class: 'menu-emoji emoji',
    role: 'menuitemradio',
    'aria-checked': String(emoji === own),
    'aria-label': t('reactWith', { emoji }),
    tabIndex: -1,
    data: { closes: '' },
    onclick: () => react(talk, message, emoji === own ? '' : emoji),
  }, emoji);
  const first = own && !QUICK.includes(own) ? [own, ...QUICK.slice(0, -1)] : QUICK;
  const rest = h('div', { class: 'menu-emojis', hidden: true });
  const more = h('button', {
    type: 'button',
    class: 'menu-emoji',
    role: 'menuitem',
    'aria-label': t('reactMore'),
    'aria-expanded': 'false',
    tabIndex: -1,
    onclick: () => {
      rest.append(...OTHERS.filter((emoji) => !first.includes(emoji)).map(button));
      rest.hidden = false;
      more.remove();
      const list = rest.closest('.menu');
      list.style.maxHeight = '';
      keepInside(list);
      rest.firstChild.focus();
    },
  }, icon('down'));
  return h('div', { class: 'menu-reactions', role: 'group', 'aria-label': t('react') },
    h('div', { class: 'menu-emojis' }, first.map(button), more), rest);
}

export const ownReaction = (message, viewer) => message.reactions?.find(({ by }) => by.includes(viewer))?.emoji;

/** Puts an emoji on a message; an empty one takes one's own away. */
export async function react(talk, message, emoji) {
  try {
    await api.react(talk.viewer, talk.chatId, message.id, emoji);
  } catch (error) {
    talk.pane.fail(error);
  }
}

const LONG_PRESS_MS = 450;
const WOBBLE_PX = 10;

/**
 * Opens the menu of the messages in `list`: by the right button, the menu key, or a finger that stays. `open` gets the
 * messages that it is about (one picture of an album, or all that the entry holds), their entry and the point.
 */
export function listenForMenus(list, open) {
  let timer = 0;
  let from = null;
  let held = false;
  const end = () => clearTimeout(timer);
  const messageAt = (target) => {
    const item = target.closest('.msg');
    return item?.message && !item.message.service ? item : null;
  };
  const openAt = (target, item, at) => {
    const part = target.closest('.part');
    open(part ? [part.message] : item.messages, item, at);
  };

  list.addEventListener('contextmenu', (event) => {
    const item = messageAt(event.target);
    if (!item || event.target.closest('a[href], input')) return;
    event.preventDefault();
    end();
    // From the keyboard the event has no place of its own.
    if (!held) openAt(event.target, item, event.button === 2 || event.pointerType ? { x: event.clientX, y: event.clientY } : null);
  });
  list.addEventListener('pointerdown', (event) => {
    end();
    held = false;
    const item = event.pointerType === 'touch' && event.target.closest('.bubble') && messageAt(event.target);
    if (!item) return;
    from = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => {
      held = true;
      openAt(event.target, item, from);
    }, LONG_PRESS_MS);
  });
  list.addEventListener('pointermove', (event) => {
    if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > WOBBLE_PX) end();
  });
  for (const name of ['pointerup', 'pointercancel']) list.addEventListener(name, end);
  // The finger that opened the menu does nothing else when it leaves.
  list.addEventListener('click', (event) => {
    if (!held) return;
    held = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
