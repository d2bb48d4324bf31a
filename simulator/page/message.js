import { album, content, fillsBubble, mediaName } from './content.js';
import { avatar, h, hueOf, icon, iconButton } from './dom.js';
import { clockTime, fullMoment, inLanguage, t } from './i18n.js';
import { writtenIn } from './text.js';

/** The first letter decides, as in `dir=auto`; the bubble needs it for the side of its lines and of the time. */
const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** One line for the chat list, a quotation or an announcement. */
export function summary(message) {
  const kind = mediaName(message) || (message.document && message.document.name) ||
    (message.contact && t('contactShared')) || (message.location && t('locationShared')) ||
    (message.poll && message.poll.question) || '';
  return inLanguage(message.service) || message.text || message.caption || kind || '';
}

/**
 * A message, or those of a media group, as one entry of the log. `view` is `{viewer, isGroup, bot, onTap(message, row, col, button), onMenu(item, button),
 * onQuote(id), onReact(message, emoji), onVia(), onVote(message, option, chosen), nameOf(id), votes}`; the entry carries its
 * messages as `item.messages`, and as `item.message` the one that has the caption, else the first.
 */
export function renderMessage(messages, view) {
  const message = messages.find(({ caption }) => caption) || messages[0];
  const out = message.from?.id === view.viewer;
  const item = message.service
    ? h('div', { class: 'msg service' }, h('span', { class: 'chip', dir: 'auto' }, inLanguage(message.service)))
    : h('div', { class: `msg ${out ? 'out' : 'in'}` },
      view.isGroup && !out ? avatar(message.from?.id, message.from?.name, message.from?.is_bot ? 'small bot' : 'small') : null,
      h('div', { class: 'stack' },
        h('div', { class: 'bubble-row' }, bubble(messages, message, view, out),
          iconButton('more', t('messageMenu', { name: nameOf(message) }), (event) => view.onMenu(item, event.currentTarget), {
            class: 'round act', 'aria-haspopup': 'menu',
          })),
        keys(message, view)));
  item.dataset.id = messages[0].id;
  item.dataset.ids = messages.map(({ id }) => id).join(' ');
  Object.assign(item, { messages, message });
  return item;
}

function bubble(messages, message, view, out) {
  const bare = messages.every((one) => fillsBubble(one) && !one.html) && !message.buttons?.length;
  const written = message.text || message.caption || '';
  return h('div', { class: `bubble${bare ? ' bare' : ''}${messages.length > 1 ? ' album' : ''}`, dir: RIGHT_TO_LEFT.test(written) ? 'rtl' : null },
    view.isGroup && !out ? h('div', { class: `author ${hueOf(message.from?.id)}`, dir: 'auto' }, nameOf(message)) : null,
    message.via_bot ? h('button', { type: 'button', class: 'via', onclick: () => view.onVia() }, t('via', { bot: view.bot.username })) : null,
    message.forwarded_from ? forwarded(message.forwarded_from) : null,
    message.reply_to ? quote(message.reply_to, view) : null,
    ...(messages.length > 1 ? album(messages) : [...content(message, view), writtenIn(message)]),
    messages.filter((one) => one.reactions?.length).map((one) => reactions(one, view)),
    meta(message, out));
}

function reactions(message, view) {
  return h('span', { class: 'reactions', role: 'group', 'aria-label': t('reactions') }, message.reactions.map(({ emoji, by }) => {
    const own = by.includes(view.viewer);
    const names = by.map((id) => view.nameOf(id)).filter(Boolean).join(', ');
    return h('button', {
      type: 'button',
      class: 'reaction',
      title: names,
      'aria-label': `${emoji} ${by.length}: ${names}`,
      'aria-pressed': String(own),
      data: { spot: `reaction:${emoji}` },
      onclick: () => view.onReact(message, own ? '' : emoji),
    }, h('span', { class: 'emoji' }, emoji), by.length > 1 ? h('span', {}, String(by.length)) : null);
  }));
}

const nameOf = (message) => message.from?.name || '';
const forwarded = (name) => h('div', { class: 'forwarded', dir: 'auto' }, t('forwarded', { name }));

function meta(message, out) {
  // Menus that a bot redraws under its buttons carry an edit date too; the word would only be noise there.
  const edited = message.edit_date && !message.buttons?.length;
  return h('span', { class: 'meta' },
    edited ? h('span', {}, t('edited'), ' ') : null,
    h('time', { dateTime: new Date(message.date * 1000).toISOString(), title: fullMoment(message.date) },
      clockTime(message.date)),
    out ? h('span', { class: 'ticks' }, icon('check'), icon('checks')) : null);
}

function quote(replyTo, view) {
  return h('button', { type: 'button', class: 'quote', onclick: () => view.onQuote(replyTo.id) },
    h('span', { class: 'quote-name', dir: 'auto' }, replyTo.from_name || ''),
    h('span', { class: 'quote-text', dir: 'auto' }, replyTo.text || '…'));
}

function keys(message, view) {
  if (!message.buttons?.length) return null;
  return h('div', { class: 'keys', role: 'group', 'aria-label': t('keys') },
    message.buttons.map((row, rowIndex) => h('div', { class: 'key-row' },
      row.map((button, colIndex) => h('button', {
        type: 'button',
        class: 'key',
        data: { spot: `${rowIndex}:${colIndex}` },
        onclick: (event) => view.onTap(message, rowIndex, colIndex, button, event.currentTarget),
      }, h('span', { class: 'key-text', dir: 'auto' }, button.text), button.url ? icon('link') : null,
      h('span', { class: 'spinner', 'aria-hidden': 'true' }))))));
}
