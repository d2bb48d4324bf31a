import { listenForMenus, openActions, react } from './actions.js';
import { api } from './api.js';
import { listenForClicks } from './clicks.js';
import { Composer } from './composer.js';
import { h, hasMouse, iconButton } from './dom.js';
import { History } from './history.js';
import { counted, t } from './i18n.js';
import { Taps } from './taps.js';

const PAGE = 50;
/** Older items leave the page beyond this many; scrolling up fetches them again. */
const KEPT = 400;
const NEAR_BOTTOM_PX = 80;
const TYPING_MS = 5000;

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
    this.taps = new Taps(this);
    this.view = {
      viewer,
      isGroup: this.isGroup,
      bot: this.store.bot,
      nameOf: (id) => (id === this.store.bot.id ? this.store.bot.name : this.store.nameOf(id)),
      onTap: (...tap) => this.taps.tap(...tap),
      onMenu: (item, button) => openActions(this, item.messages, button),
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
    this.history = new History(this.list, this.view);
    listenForClicks(this.list, this);
    this.list.addEventListener('dblclick', (event) => {
      const item = event.target.closest('.msg');
      if (item?.message && !item.message.service && !event.target.closest('button, a')) this.composer.replyTo(item.message);
    });
    listenForMenus(this.list, (messages, item, at) => openActions(this, messages, item.querySelector('.act'), at));
    this.resize = new ResizeObserver(() => this.resized());
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
    this.taps.close();
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
      this.history.replaceAll(messages);
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
      const older = await api.messages(this.viewer, this.chatId, { topic: this.topicId, before: oldest.messages[0].id, limit: PAGE });
      if (!this.alive) return;
      this.hasOlder = older.length >= PAGE;
      const before = this.scroller.scrollHeight - this.scroller.scrollTop;
      this.history.prepend(older);
      this.history.regroup();
      this.scroller.scrollTop = this.scroller.scrollHeight - before;
    } catch (error) {
      this.pane.fail(error);
    }
    this.list.setAttribute('aria-busy', 'false');
    this.loadingOlder = false;
  }

  items() {
    return this.history.items();
  }

  item(id) {
    return this.history.item(id);
  }

  /** Puts a new or changed message where it belongs; focus on one of its buttons stays on the same spot. */
  upsert(message) {
    const isNew = !this.item(message.id);
    const focused = document.activeElement;
    const { item, before } = this.history.put(message);
    this.taps.redrawn(item);
    // What had the focus has left the page with the entry that was there before.
    const spot = before?.contains(focused) ? focused.dataset.spot : null;
    if (spot) this.refocus(item.querySelector(`[data-spot="${spot}"]`));
    if (isNew) {
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
    this.history.remove(id);
    this.settleSoon();
  }

  /** Once a frame, however many messages came: a crowd writes faster than a page can measure itself. */
  settleSoon() {
    this.frame ||= requestAnimationFrame(() => this.settle());
  }

  settle() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.pinned && this.history.trim(KEPT)) this.hasOlder = true;
    this.history.regroup();
    if (this.pinned) this.toBottom();
    this.showLatest();
    this.showIntro();
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

  /** What was deleted above may bring the end into view without a scroll. */
  resized() {
    if (this.pinned) this.toBottom();
    else if (this.nearBottom()) this.scrolled();
  }

  nearBottom() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    // Only a move upwards unpins, and only while nothing grows or shrinks: then the browser reports scrolls that nobody made.
    const shape = `${scrollHeight} ${clientHeight}`;
    if (this.nearBottom()) this.pinned = true;
    else if (scrollTop < this.lastTop && shape === this.lastShape) this.pinned = false;
    this.lastTop = scrollTop;
    this.lastShape = shape;
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
      this.taps.answered(event);
    }
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
