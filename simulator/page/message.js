import { avatar, h, hueOf, icon, iconButton } from './dom.js';
import { clockTime, counted, fileSize, fullMoment, inLanguage, t } from './i18n.js';
import { mapLink } from './places.js';
import { showPhoto } from './popups.js';

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u;

/** The first letter decides, as in `dir=auto`; the bubble needs it for the side of its lines and of the time. */
const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** One line for the chat list, a quotation or an announcement. */
export function summary(message) {
  const kind = (message.photo && t('photo')) || (message.document && message.document.name) ||
    (message.contact && t('contactShared')) || (message.location && t('locationShared')) ||
    (message.poll && message.poll.question) || '';
  return inLanguage(message.service) || message.text || message.caption || kind || '';
}

/**
 * A message as one entry of the log. `view` is `{viewer, isGroup, bot, onTap(message, row, col, button), onMenu(item, button),
 * onQuote(id), onReact(message, emoji), onVia(), onVote(message, option, chosen), nameOf(id), votes}`; the entry carries its
 * message as `item.message`.
 */
export function renderMessage(message, view) {
  const out = message.from?.id === view.viewer;
  const item = message.service
    ? h('div', { class: 'msg service' }, h('span', { class: 'chip', dir: 'auto' }, inLanguage(message.service)))
    : h('div', { class: `msg ${out ? 'out' : 'in'}` },
      view.isGroup && !out ? avatar(message.from?.id, message.from?.name, message.from?.is_bot ? 'small bot' : 'small') : null,
      h('div', { class: 'stack' },
        h('div', { class: 'bubble-row' }, bubble(message, view, out),
          iconButton('more', t('messageMenu', { name: nameOf(message) }), (event) => view.onMenu(item, event.currentTarget), {
            class: 'round act', 'aria-haspopup': 'menu',
          })),
        keys(message, view)));
  item.dataset.id = message.id;
  item.message = message;
  return item;
}

function bubble(message, view, out) {
  const bare = !message.html && !message.buttons?.length && message.photo;
  const text = message.html ? h('div', { class: 'text', dir: 'auto', html: message.html }) : null;
  if (text) enliven(text, message);
  const written = message.text || message.caption || '';
  return h('div', { class: `bubble${bare ? ' bare' : ''}`, dir: RIGHT_TO_LEFT.test(written) ? 'rtl' : null },
    view.isGroup && !out ? h('div', { class: `author ${hueOf(message.from?.id)}`, dir: 'auto' }, nameOf(message)) : null,
    message.via_bot ? h('button', { type: 'button', class: 'via', onclick: () => view.onVia() }, t('via', { bot: view.bot.username })) : null,
    message.forwarded_from ? forwarded(message.forwarded_from) : null,
    message.reply_to ? quote(message.reply_to, view) : null,
    message.photo ? photo(message) : null,
    message.document ? documentCard(message.document) : null,
    message.contact ? contactCard(message.contact) : null,
    message.location ? locationCard(message.location, message.venue) : null,
    message.poll ? pollCard(message, view) : null,
    text,
    message.reactions?.length ? reactions(message, view) : null,
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

function enliven(text, message) {
  for (const hidden of text.querySelectorAll('.spoiler')) asButton(hidden, t('spoiler'));
  for (const fold of text.querySelectorAll('blockquote.expandable')) asButton(fold, t('unfold'));
  for (const code of text.querySelectorAll('code')) {
    if (!code.closest('a')) asButton(code, t('copy'));
  }
  if (message.text && ONLY_EMOJI.test(message.text.trim())) text.classList.add('emoji-only');
}

function asButton(node, title) {
  Object.assign(node, { tabIndex: 0, title, role: 'button' });
}

function quote(replyTo, view) {
  return h('button', { type: 'button', class: 'quote', onclick: () => view.onQuote(replyTo.id) },
    h('span', { class: 'quote-name', dir: 'auto' }, replyTo.from_name || ''),
    h('span', { class: 'quote-text', dir: 'auto' }, replyTo.text || '…'));
}

function photo(message) {
  const { url, width, height } = message.photo;
  const image = h('img', { src: url, alt: message.caption || t('photo'), loading: 'lazy', width, height });
  const open = () => showPhoto(url, message.caption);
  return h('button', { type: 'button', class: 'photo', 'aria-label': t('openPhoto'), onclick: open }, image);
}

function documentCard({ url, name, size }) {
  const ending = /\.([a-z0-9]{1,4})$/i.exec(name || '')?.[1] || '';
  return h('a', { class: 'card document', href: url, download: name || '', 'aria-label': t('download', { name }) },
    h('span', { class: 'card-icon' }, ending ? h('span', { class: 'ending' }, ending.toUpperCase()) : icon('document')),
    h('span', { class: 'card-text' },
      h('span', { class: 'card-title', dir: 'auto' }, name || t('documentKind')),
      h('span', { class: 'card-detail' }, fileSize(size))));
}

function contactCard(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  return h('div', { class: 'card contact' }, avatar(contact.user_id || 0, name),
    h('span', { class: 'card-text' },
      h('span', { class: 'card-title', dir: 'auto' }, name),
      h('span', { class: 'card-detail' }, contact.phone_number || '')));
}

function locationCard(location, venue) {
  const place = `${Number(location.latitude).toFixed(5)}, ${Number(location.longitude).toFixed(5)}`;
  return h('a', { class: 'card location', href: mapLink(location) },
    h('span', { class: 'map', 'aria-hidden': 'true' }, icon('location')),
    h('span', { class: 'card-text' },
      h('span', { class: 'card-title', dir: 'auto' }, venue?.title || t('locationShared')),
      h('span', { class: 'card-detail', dir: 'auto' }, venue?.address || place)));
}

function pollCard(message, view) {
  const { poll } = message;
  const chosen = poll.chosen || view.votes.get(message.id) || [];
  const total = poll.total_voter_count || 0;
  const showsResult = poll.is_closed || chosen.length > 0;
  const share = (option) => (total ? Math.round((100 * option.voter_count) / total) : 0);
  const kind = poll.is_closed ? t('pollClosed') : poll.is_anonymous === false ? t('pollPublic') : t('pollAnonymous');
  return h('div', { class: 'poll' },
    h('div', { class: 'poll-question', dir: 'auto' }, poll.question),
    h('div', { class: 'card-detail' }, kind),
    poll.options.map((option, index) => h('button', {
      type: 'button',
      class: 'poll-option',
      data: { spot: `poll:${index}` },
      disabled: poll.is_closed,
      'aria-pressed': String(chosen.includes(index)),
      onclick: () => view.onVote(message, index, chosen),
    },
    h('span', { class: 'poll-share' }, showsResult ? `${share(option)}%` : h('span', { class: 'poll-dot' })),
    h('span', { class: 'poll-text', dir: 'auto' }, option.text, chosen.includes(index) ? icon('check') : null),
    showsResult ? h('progress', { max: 100, value: share(option), 'aria-label': `${share(option)}%` }) : null)),
    h('div', { class: 'card-detail' }, counted('pollVotes', total)));
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
