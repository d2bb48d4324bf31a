import { listenForMenus, openActions, react } from './actions.js';
import { api } from './api.js';
import { Composer } from './composer.js';
import { h, hasMouse, iconButton } from './dom.js';
import { counted, dayName, sameDay, t } from './i18n.js';
import { shareInline } from './inline.js';
import { botLink, mayOpen } from './links.js';
import { renderMessage } from './message.js';
import { alertIn, ask } from './popups.js';

const PAGE = 50;
/** Older items leave the page beyond this many; scrolling up fetches them again. */
const KEPT = 400;
const NEAR_BOTTOM_PX = 80;
const RUN_SECONDS = 300;
const TYPING_MS = 5000;
/** Telegram's clients stop the spinner by themselves when the bot never answers. */
const ANSWER_MS = 15000;

/**
 * One open conversation: the messages of `chatId` as `viewer` sees them, with what may be done there; in a forum those
 * of one topic (0 is the general one), elsewhere `topicId` is undefined.
 */
export class Talk {
  constructor(pane, viewer, chatId, topicId) {
    this.pane = pane;
    this.store = pane.store;
    this.viewer = viewer;
    this.chatId = chatId;
    this.topicId = topicId;
    this.isGroup = viewer !== chatId;
    this.alive = true;
    this.turn = 0;
    this.held = null;
    this.hasOlder = false;
    this.unseen = 0;
    this.lastTop = 0;
    this.waiting = new Map();
    this.view = {
      viewer,
      isGroup: this.isGroup,
      bot: this.store.bot,
      nameOf: (id) => (id === this.store.bot.id ? this.store.bot.name : this.store.nameOf(id)),
      onTap: (...tap) => this.tap(...tap),
      onMenu: (item, button) => openActions(this, item, button),
      onReact: (message, emoji) => react(this, message, emoji),
      onVia: () => this.composer.write(`@${this.store.bot.username} `),
      onQuote: (id) => this.jumpTo(id),
      onVote: (...vote) => this.vote(...vote),
      /** One's own votes by message: the event stream speaks to everybody, so its polls do not hold them. */
      votes: new Map(),
    };
    const title = this.isGroup ? this.store.nameOf(chatId) : this.store.bot.name;
    this.list = h('div', { class: 'messages', role: 'log', 'aria-label': t('messagesOf', { title }), 'aria-busy': 'true' });
    this.intro = h('div', { class: 'intro' });
    this.latest = iconButton('down', t('latest'), () => this.toBottom(true), { class: 'round latest', hidden: true });
    this.latest.append(h('span', { class: 'badge' }));
    this.scroller = h('div', { class: 'scroller', tabIndex: -1, onscroll: () => this.scrolled() }, this.intro, this.list);
    this.composer = new Composer(this);
    this.typing = h('span', { class: 'typing', hidden: true }, t('typing'));
    this.el = h('div', { class: 'talk-body' }, this.scroller, this.latest, this.composer.el);
    this.list.addEventListener('click', (event) => this.clicked(event));
    this.list.addEventListener('keydown', (event) => {
      if (['Enter', ' '].includes(event.key) && event.target.matches('.spoiler, code, .expandable')) {
        event.preventDefault();
        this.clicked(event);
      }
    });
    this.list.addEventListener('dblclick', (event) => {
      const item = event.target.closest('.msg');
      if (item?.message && !item.message.service && !event.target.closest('button, a')) this.composer.replyTo(item.message);
    });
    listenForMenus(this.list, (item, at) => openActions(this, item, item.querySelector('.act'), at));
    this.resize = new ResizeObserver(() => this.pinned && this.toBottom());
    this.resize.observe(this.scroller);
    this.resize.observe(this.list);
    this.pinned = true;
    this.load();
  }

  close() {
    this.alive = false;
    this.resize.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.typingTimer);
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.composer.close();
  }

  get chat() {
    return this.store.chat(this.viewer, this.chatId);
  }

  get topic() {
    return this.chat?.topics.find(({ id }) => id === this.topicId);
  }

  /** The latest messages anew; events that come meanwhile wait, so that an older answer does not undo them. */
  async load() {
    this.turn += 1;
    const { turn } = this;
    this.held ||= [];
    this.list.setAttribute('aria-busy', 'true');
    try {
      const messages = await api.messages(this.viewer, this.chatId, { topic: this.topicId, limit: PAGE });
      if (!this.alive || turn !== this.turn) return;
      this.hasOlder = messages.length >= PAGE;
      this.list.replaceChildren(...messages.map((message) => renderMessage(message, this.view)));
      this.pinned = true;
      this.settle();
    } catch (error) {
      if (!this.alive || turn !== this.turn) return;
      this.pane.fail(error);
    }
    this.list.setAttribute('aria-busy', 'false');
    const { held } = this;
    this.held = null;
    for (const event of held) this.handle(event);
    this.chatChanged();
    this.pane.drawPinned();
    this.markRead();
  }

  async loadOlder() {
    const oldest = this.items()[0];
    if (!this.hasOlder || this.loadingOlder || !oldest) return;
    this.loadingOlder = true;
    this.list.setAttribute('aria-busy', 'true');
    try {
      const older = await api.messages(this.viewer, this.chatId, { topic: this.topicId, before: oldest.message.id, limit: PAGE });
      if (!this.alive) return;
      this.hasOlder = older.length >= PAGE;
      const before = this.scroller.scrollHeight - this.scroller.scrollTop;
      this.list.prepend(...older.map((message) => renderMessage(message, this.view)));
      this.regroup();
      this.scroller.scrollTop = this.scroller.scrollHeight - before;
    } catch (error) {
      this.pane.fail(error);
    }
    this.list.setAttribute('aria-busy', 'false');
    this.loadingOlder = false;
  }

  items() {
    return [...this.list.querySelectorAll(':scope > .msg')];
  }

  item(id) {
    return this.list.querySelector(`:scope > .msg[data-id="${CSS.escape(id)}"]`);
  }

  /** Puts a new or changed message where it belongs; focus on one of its buttons stays on the same spot. */
  upsert(message) {
    const before = this.item(message.id);
    const item = renderMessage(message, this.view);
    if (before) {
      const spot = before.contains(document.activeElement) ? document.activeElement.dataset.spot : null;
      const wait = this.waiting.get(message.id);
      before.replaceWith(item);
      if (wait) this.spin(item, wait.spot, true);
      if (spot) this.refocus(item.querySelector(`[data-spot="${spot}"]`));
    } else {
      const later = this.items().find((other) => other.message.id > message.id);
      this.list.insertBefore(item, later || null);
      item.classList.add('new');
      const mine = message.from?.id === this.viewer;
      if (mine) this.pinned = true;
      if (!this.pinned && !mine) this.unseen += 1;
      if (message.from?.is_bot) this.showTyping(false);
    }
    this.settleSoon();
  }

  /** A changed message keeps the focus on the same button, or gives it to what is used next. */
  refocus(key) {
    const next = hasMouse.matches && !this.composer.row.hidden ? this.composer.input : this.scroller;
    (key || next).focus({ preventScroll: true });
  }

  remove(id) {
    this.item(id)?.remove();
    this.settleSoon();
  }

  /** Once a frame, however many messages came: a crowd writes faster than a page can measure itself. */
  settleSoon() {
    this.frame ||= requestAnimationFrame(() => this.settle());
  }

  settle() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.pinned) this.trim();
    this.regroup();
    if (this.pinned) this.toBottom();
    this.showLatest();
    this.showIntro();
  }

  trim() {
    const extra = this.items().slice(0, -KEPT);
    if (!extra.length) return;
    for (const item of extra) item.remove();
    this.hasOlder = true;
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
      const inAlbum = sameAlbum(previous, message) || sameAlbum(message, next);
      items[index].classList.toggle('in-album', inAlbum);
      if (message.from?.is_bot) seen = true;
      items[index].classList.toggle('seen', seen);
      if (!previous || !sameDay(previous.date, message.date)) {
        items[index].before(h('div', { class: 'day' }, h('span', { class: 'chip' }, dayName(message.date))));
      }
    }
  }

  showIntro() {
    const empty = !this.items().length && this.list.getAttribute('aria-busy') === 'false';
    this.intro.hidden = !empty;
    if (!empty) return;
    const { name, descriptions } = this.store.bot;
    // Telegram shows it in the language of the person's own client.
    const description = descriptions[this.store.person(this.viewer)?.language_code] || descriptions[''];
    this.intro.replaceChildren(this.isGroup
      ? h('p', { class: 'chip' }, t('emptyGroup'))
      : h('div', { class: 'intro-card' }, h('h3', {}, t('botAbout')), h('p', { dir: 'auto' }, description || name)));
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    // Only a move upwards unpins: when the foot grows, the browser reports a scroll that nobody made.
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX) this.pinned = true;
    else if (scrollTop < this.lastTop) this.pinned = false;
    this.lastTop = scrollTop;
    if (this.pinned && this.unseen) {
      this.unseen = 0;
      this.markRead();
    }
    this.showLatest();
    if (scrollTop < 120) this.loadOlder();
  }

  showLatest() {
    this.latest.hidden = this.pinned;
    this.latest.querySelector('.badge').textContent = this.unseen || '';
    this.latest.setAttribute('aria-label', this.unseen ? counted('newMessages', this.unseen) : t('latest'));
  }

  toBottom(smooth = false) {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
  }

  jumpTo(id) {
    const item = this.item(id);
    if (!item) return;
    item.scrollIntoView({ block: 'center', behavior: 'smooth' });
    item.classList.remove('flash');
    void item.offsetWidth;
    item.classList.add('flash');
  }

  showTyping(on) {
    clearTimeout(this.typingTimer);
    this.typing.hidden = !on;
    this.pane.el.classList.toggle('is-typing', on);
    if (on) this.typingTimer = setTimeout(() => this.showTyping(false), TYPING_MS);
  }

  /** The chat's own facts changed: commands, keyboard, blocked or not, started or not. */
  chatChanged() {
    this.composer.refresh();
    this.showIntro();
  }

  markRead() {
    const unread = this.topicId === undefined ? this.chat?.unread : this.topic?.unread;
    if (unread && document.visibilityState === 'visible' && this.pane.showsTalk()) {
      api.read(this.viewer, this.chatId, this.topicId).then(() => this.store.refresh([this.viewer]), () => {});
    }
  }

  handle(event) {
    if (this.held && event.type !== 'answer') {
      this.held.push(event);
    } else if (event.type === 'message' || event.type === 'edit') {
      if (!event.message) return void this.load();
      if (this.topicId !== undefined && event.message.topic_id !== this.topicId) return;
      if (event.type === 'edit' && !this.item(event.message.id)) return;
      this.upsert(event.message);
    } else if (event.type === 'delete') {
      for (const id of event.message_ids || [event.message_id]) this.remove(id);
    } else if (event.type === 'action') {
      this.showTyping(true);
    } else if (event.type === 'answer' && (event.viewer === undefined || event.viewer === this.viewer)) {
      this.answered(event);
    }
  }

  async tap(message, row, col, button, element) {
    if (button.url) return this.openLink(button.url);
    if (button.copy_text) return this.copy(button.copy_text);
    if (button.switch_inline_query !== undefined) return shareInline(this.pane, button.switch_inline_query);
    if (button.switch_inline_query_current_chat !== undefined) {
      return this.composer.write(`@${this.store.bot.username} ${button.switch_inline_query_current_chat}`);
    }
    if (this.waiting.has(message.id)) return;
    const spot = `${row}:${col}`;
    const timer = setTimeout(() => {
      this.stopWaiting(message.id);
      this.pane.notify(t('answerLate'));
    }, ANSWER_MS);
    this.waiting.set(message.id, { spot, timer });
    this.spin(element.closest('.msg'), spot, true);
    try {
      await api.tap(this.viewer, this.chatId, message.id, row, col);
    } catch (error) {
      this.stopWaiting(message.id);
      this.pane.fail(error);
    }
  }

  spin(item, spot, on) {
    const key = item?.querySelector(`[data-spot="${spot}"]`);
    key?.classList.toggle('busy', on);
    key?.setAttribute('aria-busy', String(on));
  }

  stopWaiting(messageId) {
    const wait = this.waiting.get(messageId);
    if (!wait) return;
    clearTimeout(wait.timer);
    this.waiting.delete(messageId);
    this.spin(this.item(messageId), wait.spot, false);
  }

  answered({ message_id: messageId, text, alert, url }) {
    this.stopWaiting(messageId);
    if (url) this.openLink(url);
    else if (text && alert) alertIn(this.pane.el, this.store.bot.name, text);
    else if (text) this.pane.notify(text);
  }

  clicked(event) {
    const hidden = event.target.closest('.spoiler:not(.shown)');
    const code = event.target.closest('code');
    const fold = event.target.closest('blockquote.expandable');
    const link = event.target.closest('a[href]:not(.document)');
    if (hidden) {
      event.preventDefault();
      for (const part of hidden.closest('.text').querySelectorAll('.spoiler')) part.classList.add('shown');
    } else if (link) {
      event.preventDefault();
      if (link.dataset.command) this.send(link.dataset.command);
      else if (link.dataset.mention) this.openLink(`https://t.me/${link.dataset.mention.replace('@', '')}`);
      else this.openLink(link.href);
    } else if (code) {
      this.copy(code.textContent);
    } else if (fold) {
      fold.classList.toggle('unfolded');
    } else if (event.target.closest('.bubble') && !event.target.closest('button, .document')) {
      this.pane.app.drawer.inspect(this.chatId, event.target.closest('.msg').message.id);
    }
  }

  copy(text) {
    navigator.clipboard?.writeText(text).then(() => this.pane.notify(t('copied')), () => {});
  }

  async vote(message, option, chosen) {
    const { allows_multiple_answers: several } = message.poll;
    const taken = chosen.includes(option);
    const options = taken ? chosen.filter((one) => one !== option) : several ? [...chosen, option] : [option];
    try {
      this.view.votes.set(message.id, options);
      await api.vote(this.viewer, this.chatId, message.id, options);
    } catch (error) {
      this.view.votes.set(message.id, chosen);
      this.pane.fail(error);
    }
  }

  async openLink(href) {
    const own = botLink(href, this.store.bot.username);
    if (own?.groupPayload !== undefined) return this.pane.addToGroup(own.groupPayload);
    if (own) return this.pane.openBot(own.payload);
    if (!mayOpen(href)) return this.pane.notify(t('linkUnknown'));
    const agreed = await ask({ title: t('leave'), text: href, confirm: t('leaveOpen'), className: 'wrap-anywhere' });
    if (agreed) window.open(href, '_blank', 'noopener,noreferrer');
  }

  async send(text, replyTo) {
    try {
      await api.send(this.viewer, this.chatId, text, { replyTo, topic: this.topicId });
      return true;
    } catch (error) {
      this.pane.fail(error);
      return false;
    }
  }
}

const sameAlbum = (a, b) => Boolean(a?.media_group && a.media_group === b?.media_group && a.photo && b.photo);

function joined(a, b) {
  return Boolean(a && b && !a.service && !b.service && a.from?.id === b.from?.id && Math.abs(b.date - a.date) < RUN_SECONDS &&
    sameDay(a.date, b.date));
}
