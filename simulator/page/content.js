import { avatar, h, icon } from './dom.js';
import { fileSize, t } from './i18n.js';
import { isSeen, mediaCard } from './media.js';
import { locationCard } from './places.js';
import { pollCard } from './polls.js';
import { showPhoto } from './popups.js';
import { writtenIn } from './text.js';

/** How many pictures stand in each row of an album, by how many there are. */
const ROWS = { 2: [2], 3: [1, 2], 4: [2, 2], 5: [2, 3], 6: [3, 3], 7: [2, 2, 3], 8: [2, 3, 3], 9: [3, 3, 3], 10: [2, 2, 3, 3] };

/** What a message holds beside its text. */
export function content(message, view) {
  return [
    message.photo ? photo(message) : null,
    message.media ? mediaCard(message) : null,
    message.document ? documentCard(message.document) : null,
    message.contact ? contactCard(message.contact) : null,
    message.location ? locationCard(message) : null,
    message.poll ? pollCard(message, view) : null,
  ].filter(Boolean);
}

/** Pictures and films reach to the edge of their bubble. */
export const fillsBubble = (message) => Boolean(message.photo || (message.media && isSeen(message.media)));

/** What a file that has no name of its own is called, in one line. */
export const mediaName = (message) => (message.photo ? t('photo') : message.media ? t(message.media.kind) : '');

/** The files of one media group: pictures as a grid with the captions below, others one below the other. */
export function album(messages) {
  if (!messages.every(fillsBubble)) {
    return messages.map((message) => part(message, 'row', content(message), writtenIn(message)));
  }
  const widths = (ROWS[messages.length] || [messages.length]).flatMap((inRow) => Array(inRow).fill(inRow));
  return [
    h('div', { class: 'grid' }, messages.map((message, index) => part(message, `of-${widths[index]}`, content(message)))),
    ...messages.map(writtenIn),
  ];
}

/** The place of one message within an album; the menu of that place is the message's own. */
function part(message, look, ...children) {
  const node = h('div', { class: `part ${look}` }, ...children.flat());
  node.message = message;
  return node;
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
