import { avatar, h, icon } from './dom.js';
import { inLanguage, shortMoment, t } from './i18n.js';

/** The chats of one person, newest first as the server gives them; `current` is the open one. */
export function drawChats(host, chats, { current, bot, open }) {
  const focused = host.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  host.replaceChildren(...chats.map((chat) => entry(chat, chat.id === current, bot, open)));
  if (!chats.length) host.append(h('li', { class: 'chats-none' }, t('noChats')));
  if (focused) host.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function entry(chat, isCurrent, bot, open) {
  const isBot = chat.type === 'private';
  const title = isBot ? bot.name : chat.title;
  return h('li', {}, h('button', {
    type: 'button', class: 'chat', data: { id: chat.id }, 'aria-current': isCurrent ? 'true' : null, onclick: () => open(chat.id),
  }, avatar(chat.id, title, isBot ? 'bot' : 'group'),
  h('span', { class: 'chat-text' },
    h('span', { class: 'chat-top' },
      h('span', { class: 'chat-title', dir: 'auto' }, title),
      chat.last ? h('span', { class: 'chat-when' }, shortMoment(chat.last.date)) : null),
    h('span', { class: 'chat-top' },
      h('span', { class: 'chat-last', dir: 'auto' }, lastLine(chat)),
      chat.blocked ? icon('block') : null,
      chat.unread ? badge(chat.unread) : null))));
}

const badge = (count) => h('span', { class: 'badge', 'aria-label': t('unread', { count }) }, String(count));

function lastLine({ last, type }) {
  if (!last) return t('noMessagesYet');
  if (last.service) return inLanguage(last.service);
  // The first word says who it was; a bot's whole name would leave no room for what it said.
  const who = last.out ? t('you') : type === 'private' ? '' : last.from_name.split(' ')[0];
  return who ? [h('span', { class: 'chat-who' }, `${who}: `), last.text || ''] : last.text || '';
}
