import { h } from './dom.js';
import { dayName, sameDay } from './i18n.js';
import { renderMessage } from './message.js';

const RUN_SECONDS = 300;

/** The messages of one conversation in their order, as entries of `list`; those of a media group are one entry. */
export class History {
  constructor(list, view) {
    this.list = list;
    this.view = view;
  }

  items() {
    return [...this.list.querySelectorAll(':scope > .msg')];
  }

  item(id) {
    return this.list.querySelector(`:scope > .msg[data-ids~="${CSS.escape(id)}"]`);
  }

  replaceAll(messages) {
    this.list.replaceChildren(...entries(messages).map((group) => renderMessage(group, this.view)));
  }

  /** Puts older messages above all others; an album that was cut between two pages grows together again. */
  prepend(messages) {
    const groups = entries(messages);
    const [first] = this.items();
    if (first && sameAlbum(groups.at(-1)?.at(-1), first.message)) {
      first.remove();
      groups.push([...groups.pop(), ...first.messages]);
    }
    this.list.prepend(...groups.map((group) => renderMessage(group, this.view)));
  }

  /** Puts a new or changed message where it belongs; returns its entry and the one that stood there before. */
  put(message) {
    const before = this.item(message.id) || this.items().findLast((item) => sameAlbum(item.message, message));
    const others = before ? before.messages.filter(({ id }) => id !== message.id) : [];
    const item = renderMessage([...others, message].sort((a, b) => a.id - b.id), this.view);
    if (before) before.replaceWith(item);
    else this.list.insertBefore(item, this.items().find((other) => other.message.id > message.id) || null);
    return { item, before };
  }

  remove(id) {
    const item = this.item(id);
    const left = item?.messages.filter((message) => message.id !== id) || [];
    if (left.length) item.replaceWith(renderMessage(left, this.view));
    else item?.remove();
  }

  /** Takes the oldest entries away beyond `kept`; true when there were such. */
  trim(kept) {
    const extra = this.items().slice(0, -kept);
    for (const item of extra) item.remove();
    return extra.length > 0;
  }

  /** Day marks, runs of one author, and which of one's own messages the bot has seen. */
  regroup() {
    for (const mark of this.list.querySelectorAll(':scope > .day')) mark.remove();
    const items = this.items();
    let seen = false;
    for (let index = items.length - 1; index >= 0; index -= 1) {
      const { message } = items[index];
      const next = items[index + 1]?.message;
      const previous = items[index - 1]?.message;
      items[index].classList.toggle('run-start', !joined(previous, message));
      items[index].classList.toggle('run-end', !joined(message, next));
      if (message.from?.is_bot) seen = true;
      items[index].classList.toggle('seen', seen);
      if (!previous || !sameDay(previous.date, message.date)) {
        items[index].before(h('div', { class: 'day' }, h('span', { class: 'chip' }, dayName(message.date))));
      }
    }
  }
}

const sameAlbum = (a, b) => Boolean(a?.media_group && a.media_group === b?.media_group);

/** Messages as they stand together: each for itself, those of a media group as one. */
function entries(messages) {
  const groups = [];
  for (const message of messages) {
    if (sameAlbum(groups.at(-1)?.at(-1), message)) groups.at(-1).push(message);
    else groups.push([message]);
  }
  return groups;
}

function joined(a, b) {
  return Boolean(a && b && !a.service && !b.service && a.from?.id === b.from?.id && Math.abs(b.date - a.date) < RUN_SECONDS &&
    sameDay(a.date, b.date));
}
