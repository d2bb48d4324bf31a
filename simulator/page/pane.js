import { api, ApiError } from './api.js';
import { drawChats } from './chatlist.js';
import { avatar, fill, fullName, h, icon, iconButton, roleOf } from './dom.js';
import { counted, t } from './i18n.js';
import { summary } from './message.js';
import { ask, menu, toast } from './popups.js';
import { Talk } from './talk.js';
import { drawTopics, groupEntries } from './topics.js';

/** One phone: who holds it, their chats, and the open conversation. */
export class Pane {
  constructor(app, viewer, chatId) {
    this.app = app;
    this.store = app.store;
    this.talk = null;
    this.personButton = h('button', {
      type: 'button', class: 'person-button', 'aria-haspopup': 'menu', onclick: () => this.choosePerson(),
    });
    this.head = h('div', { class: 'pane-head' }, this.personButton);
    this.chatItems = h('ul', { class: 'chat-items' });
    this.chats = h('nav', { class: 'chats', 'aria-label': t('chats') }, this.chatItems);
    this.talkHead = h('header', { class: 'talk-head' });
    this.pinned = h('button', { type: 'button', class: 'pinned', hidden: true });
    this.topics = h('nav', { class: 'topics', 'aria-label': t('topics'), hidden: true });
    /** The topic that was open last in each forum. */
    this.lastTopics = new Map();
    this.welcome = h('p', { class: 'chip welcome' }, t('welcome'));
    this.talkBox = h('div', { class: 'talk' }, this.welcome);
    this.el = h('section', {
      class: 'pane',
      onkeydown: (event) => {
        if (event.key === 'Escape' && this.talk && this.isNarrow()) this.goBack();
      },
    }, this.head, h('div', { class: 'pane-body' }, this.chats, this.talkBox));
    this.el.addEventListener('dragover', (event) => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      this.el.classList.add('dropping');
    });
    this.el.addEventListener('dragleave', (event) => {
      if (!this.el.contains(event.relatedTarget)) this.el.classList.remove('dropping');
    });
    this.el.addEventListener('drop', (event) => {
      event.preventDefault();
      this.el.classList.remove('dropping');
      const [file] = event.dataTransfer.files;
      if (file && this.talk) this.talk.composer.upload(file);
    });
    this.el.dataset.drop = t('drop');
    this.setViewer(viewer, chatId);
  }

  isNarrow() {
    return getComputedStyle(this.chats).display === 'none' || getComputedStyle(this.talkBox).display === 'none';
  }

  showsTalk() {
    return this.el.isConnected && getComputedStyle(this.talkBox).display !== 'none';
  }

  /** Hands the phone to somebody else; their bot chat opens unless another is named (null: the list). */
  setViewer(viewer, chatId = viewer) {
    this.viewer = viewer;
    this.el.setAttribute('aria-label', t('from', { name: this.store.nameOf(viewer) }));
    this.store.refresh([viewer]);
    if (chatId === null) this.closeTalk();
    else this.openChat(chatId);
    this.drawChats();
    this.app.remember();
  }

  openChat(chatId, fromHistory = false) {
    // From the list on a phone: the phone's own way back should lead to the list and not out of the page.
    if (!fromHistory && this.el.dataset.view === 'list' && this.app.isAlone(this)) history.pushState({ chat: chatId }, '');
    if (this.talk && this.talk.viewer === this.viewer && this.talk.chatId === chatId) {
      this.el.dataset.view = 'talk';
      this.talk.chatChanged();
      return;
    }
    this.talk?.close();
    this.el.classList.remove('is-typing');
    this.el.dataset.view = 'talk';
    this.chatId = chatId;
    const isForum = this.store.group(chatId)?.is_forum;
    this.talk = new Talk(this, this.viewer, chatId, isForum ? this.lastTopics.get(chatId) || 0 : undefined);
    this.talkBox.replaceChildren(this.talkHead, this.topics, this.pinned, this.talk.el);
    this.drawTalkHead();
    this.drawTopics();
    this.drawPinned();
    this.drawChats();
    this.app.remember();
    this.app.guide.opened(chatId);
  }

  openTopic(topicId) {
    this.lastTopics.set(this.chatId, topicId);
    this.talk.close();
    this.talk = new Talk(this, this.viewer, this.chatId, topicId);
    this.talkBox.querySelector('.talk-body').replaceWith(this.talk.el);
    this.drawTalkHead();
    this.drawTopics();
    this.drawPinned();
  }

  drawTopics() {
    drawTopics(this.topics, this);
  }

  closeTalk() {
    this.talk?.close();
    const was = this.chatId;
    this.talk = null;
    this.chatId = null;
    this.el.dataset.view = 'list';
    this.talkBox.replaceChildren(this.welcome);
    this.drawChats();
    this.drawPersonButton();
    this.app.remember();
    this.chatItems.querySelector(`[data-id="${was}"]`)?.focus();
  }

  goBack() {
    if (history.state?.chat && this.app.isAlone(this)) history.back();
    else this.closeTalk();
  }

  openBot(payload) {
    if (payload) this.app.pending.set(this.viewer, payload);
    this.openChat(this.viewer);
    this.talk.chatChanged();
  }

  /** A `?startgroup=` link: the person says which of their groups the bot comes to. */
  async addToGroup(payload) {
    const groups = this.store.state.groups.filter((group) => group.member_ids.includes(this.viewer));
    if (!groups.length) return this.notify(t('noGroups'));
    const choices = groups.map((group, index) => h('label', { class: 'choice' },
      h('input', { type: 'radio', name: 'group', value: group.id, checked: !index }),
      avatar(group.id, group.title, 'group'), h('span', { dir: 'auto' }, group.title)));
    const chosen = await ask({
      title: t('addToGroup'), body: choices, confirm: t('addToGroupDo'),
      read: () => Number(choices.map((label) => label.firstChild).find((input) => input.checked).value),
    });
    if (chosen === null) return;
    try {
      await api.group({ action: 'add_bot', person: this.viewer, chat: chosen, payload });
      this.openChat(chosen);
    } catch (error) {
      this.fail(error);
    }
  }

  pendingPayload(chatId) {
    return chatId === this.viewer ? this.app.pending.get(this.viewer) : undefined;
  }

  clearPending(chatId) {
    this.app.pending.delete(chatId);
  }

  choosePerson() {
    const people = this.store.state.people.map((person) => ({
      lead: avatar(person.id, fullName(person)),
      label: fullName(person),
      detail: roleOf(person),
      badge: this.store.unread(person.id),
      current: person.id === this.viewer && this.chatId === this.viewer,
      run: () => this.setViewer(person.id),
    }));
    const groups = this.store.state.groups.map((group) => ({
      lead: avatar(group.id, group.title, 'group'),
      label: group.title,
      detail: t('viewAs', { name: this.store.nameOf(this.memberFor(group)) }),
      current: group.id === this.chatId,
      run: () => this.openGroup(group),
    }));
    menu(this.personButton, [...people, ...groups], { label: t('people'), className: 'people-menu' });
  }

  /** The present person if they belong to the group, else its first member. */
  memberFor(group) {
    return group.member_ids.includes(this.viewer) ? this.viewer : group.member_ids[0];
  }

  openGroup(group) {
    this.setViewer(this.memberFor(group), group.id);
  }

  drawPersonButton() {
    const person = this.store.person(this.viewer);
    if (!person) return;
    const others = this.store.badgedPeople().filter((id) => id !== this.viewer);
    // Phones side by side show for themselves what waits for the others.
    const unread = this.app.panes.length > 1 ? 0 : others.reduce((sum, id) => sum + this.store.unread(id), 0);
    const name = fullName(person);
    const label = [`${t('people')}: ${name}`, roleOf(person), unread ? t('unreadElsewhere', { count: unread }) : ''];
    this.personButton.setAttribute('aria-label', label.filter(Boolean).join(', '));
    fill(this.personButton, avatar(person.id, name),
      h('span', { class: 'person-text' },
        h('span', { class: 'person-name', dir: 'auto' }, name),
        h('span', { class: 'person-role', dir: 'auto' }, roleOf(person))),
      h('span', { class: unread ? 'caret dot' : 'caret' }, icon('down')));
  }

  drawChats() {
    drawChats(this.chatItems, this.store.chats.get(this.viewer) || [], {
      current: this.chatId, bot: this.store.bot, open: (chatId) => this.openChat(chatId),
    });
  }

  drawTalkHead() {
    if (!this.talk) return;
    const { isGroup, chatId, typing } = this.talk;
    const group = this.store.group(chatId);
    const title = isGroup ? group?.title || '' : this.store.bot.name;
    const status = isGroup
      ? `${counted('members', sizeOf(group))} · ${t('viewAs', { name: this.store.nameOf(this.viewer) })}`
      : t('bot');
    const more = isGroup && !groupEntries(this).length ? null : iconButton('more', t('more'), (event) => this.chatMenu(event.currentTarget), {
      'aria-haspopup': 'menu',
    });
    fill(this.talkHead,
      iconButton('back', t('back'), () => this.goBack(), { class: 'round back' }),
      avatar(chatId, title, isGroup ? 'group' : 'bot'),
      h('div', { class: 'talk-title' },
        h('h2', { dir: 'auto' }, title),
        h('p', { class: 'talk-status' }, typing, h('span', { class: 'status', dir: 'auto' }, status))),
      more);
  }

  /** The pinned message below the head, when it is among those that are loaded. */
  drawPinned() {
    const id = this.talk?.chat?.pinned;
    const message = id ? this.talk.item(id)?.message : null;
    this.pinned.hidden = !message;
    if (!message) return;
    this.pinned.onclick = () => this.talk?.jumpTo(id);
    fill(this.pinned,
      h('span', { class: 'pinned-title' }, t('pinned')),
      h('span', { class: 'pinned-text', dir: 'auto' }, summary(message)));
  }

  chatMenu(anchor) {
    const { blocked } = this.talk.chat || {};
    menu(anchor, this.talk.isGroup ? groupEntries(this) : [
      { icon: 'block', label: blocked ? t('restart') : t('block'), run: () => this.setBlocked(!blocked) },
    ], { label: t('more') });
  }

  async setBlocked(blocked) {
    try {
      if (blocked) await api.block(this.viewer, true);
      else await api.start(this.viewer);
    } catch (error) {
      this.fail(error);
    }
    this.store.refresh([this.viewer]);
  }

  /** The chat lists of these people are fresh. */
  chatsLoaded(viewers) {
    this.drawPersonButton();
    if (!viewers.has(this.viewer)) return;
    this.drawChats();
    this.talk?.chatChanged();
    this.drawTopics();
    this.drawPinned();
    if (this.talk?.pinned) this.talk.markRead();
  }

  handle(event) {
    if (this.talk && event.chat_id === this.talk.chatId) this.talk.handle(event);
  }

  /** After a lost connection or a reset: everything again from the server. */
  reload() {
    if (!this.store.person(this.viewer)) return this.setViewer(this.app.firstPerson());
    const { talk } = this;
    // A group that has just become a forum is another kind of conversation.
    const isForum = Boolean(this.store.group(this.chatId)?.is_forum);
    if (talk && isForum !== (talk.topicId !== undefined)) this.openTopic(isForum ? 0 : undefined);
    else talk?.load();
    this.drawTalkHead();
    this.store.refresh([this.viewer]);
  }

  fail(error) {
    const reason = error instanceof ApiError && error.message === 'offline' ? t('offline') : error.message;
    this.notify(t('failed', { reason }));
  }

  /** At the top of the conversation, where it hides nothing new. */
  notify(text) {
    toast(this.talk && this.showsTalk() ? this.talk.el : this.el, text);
  }

  close() {
    this.talk?.close();
    this.el.remove();
    this.personButton.remove();
  }
}

/** How many are in a group, the bot among them if it is there. */
const sizeOf = (group) => (group ? group.member_ids.length + (group.has_bot ? 1 : 0) : 0);
