import { api } from './api.js';
import { avatar, fullName, h, icon, iconButton, roleOf } from './dom.js';
import { Drawer } from './drawer.js';
import { Guide } from './guide.js';
import { currentLanguage, LANGUAGES, t, useClock, useLanguage } from './i18n.js';
import { follow } from './live.js';
import { Pane } from './pane.js';
import { ask, closePopup, menu, toast } from './popups.js';
import { Store } from './store.js';

const SAVED = 'rakor-simulator';
/** Narrowest window, in CSS pixels, in which so many phones are still usable. */
const FITS = { 1: 0, 2: 700, 4: 1180 };

class App {
  constructor(root) {
    this.root = root;
    this.store = new Store();
    this.panes = [];
    /** Start payloads of links that were opened and not yet started, by person. */
    this.pending = new Map();
    this.saved = readSaved();
  }

  async begin() {
    this.applyTheme();
    await this.store.loadState();
    await api.clock().then(({ offset_seconds: offset }) => useClock(offset), () => {});
    useLanguage(this.saved.language || this.store.state.locale);
    this.takeAddress();
    this.build();
    this.store.onChats((viewers) => this.chatsLoaded(viewers));
    this.store.refresh(this.store.badgedPeople());
    follow({
      onEvent: (event) => this.handle(event),
      onReturn: () => this.reload(),
      onLost: (lost) => this.showLost(lost),
    });
    document.addEventListener('visibilitychange', () => this.panes.forEach((pane) => pane.talk?.markRead()));
    document.addEventListener('keydown', (event) => this.pressed(event));
    window.addEventListener('resize', () => {
      closePopup(false);
      this.layOut();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.drawTools());
    this.root.removeAttribute('aria-busy');
  }

  /** `?as=<person id>&start=<payload>` opens the page as a deep link would open Telegram. */
  takeAddress() {
    const query = new URLSearchParams(location.search);
    const person = this.store.person(Number(query.get('as')));
    if (person) this.saved.panes = [{ viewer: person.id, chat: person.id }];
    if (query.get('start')) this.pending.set(person?.id || this.firstPerson(), query.get('start'));
    if (location.search) history.replaceState(null, '', location.pathname);
  }

  firstPerson() {
    return this.store.state.suggested?.person_id || this.store.state.people[0]?.id;
  }

  build() {
    document.title = this.store.state.title || this.store.bot.name || document.title;
    this.tools = h('div', { class: 'tools' });
    this.slot = h('div', { class: 'person-slot' });
    this.lost = h('div', { class: 'lost', role: 'status', hidden: true }, h('span', { class: 'spinner' }), t('lost'));
    this.guide = new Guide(this);
    this.rail = h('nav', { class: 'rail', 'aria-label': t('people') });
    this.stage = h('main', { class: 'stage' });
    this.drawer = new Drawer(this);
    this.root.replaceChildren(
      h('header', { class: 'topbar' },
        h('div', { class: 'brand' }, h('img', { src: new URL('icon.svg', import.meta.url).href, alt: '', width: 28, height: 28 }),
          h('h1', { dir: 'auto' }, this.store.state.title || this.store.bot.name)),
        this.slot, this.lost, this.tools),
      this.guide.el,
      h('div', { class: 'floor' }, this.rail, this.stage),
      this.drawer.el);
    this.drawTools();
    this.layOut();
  }

  /** Rebuilds the page in the current language, with the same people and chats in the phones. */
  rebuild() {
    this.remember();
    closePopup(false);
    this.panes.forEach((pane) => pane.close());
    this.panes = [];
    const { step, done } = this.guide;
    this.build();
    Object.assign(this.guide, { step, done });
    this.guide.draw();
  }

  layOut() {
    const wanted = this.saved.layout || 1;
    const count = [4, 2, 1].find((option) => option <= wanted && innerWidth >= FITS[option]);
    while (this.panes.length > count) this.panes.pop().close();
    const inUse = () => this.panes.map((pane) => pane.viewer);
    while (this.panes.length < count) {
      const saved = this.saved.panes?.[this.panes.length];
      const free = this.store.state.people.find(({ id }) => !inUse().includes(id));
      const first = this.panes.length ? free?.id : this.firstPerson();
      const viewer = this.store.person(saved?.viewer) ? saved.viewer : first || this.firstPerson();
      const chat = saved && this.store.person(saved.viewer) && (saved.chat === null || this.store.nameOf(saved.chat)) ? saved.chat : viewer;
      const pane = new Pane(this, viewer, chat);
      this.panes.push(pane);
      this.stage.append(pane.el);
    }
    this.root.dataset.panes = count;
    const alone = count === 1;
    this.panes.forEach((pane) => {
      (alone ? this.slot : pane.head).append(pane.personButton);
      pane.drawPersonButton();
    });
    this.drawTools();
    this.drawRail();
    this.guide.draw();
  }

  drawRail() {
    const pane = this.panes[0];
    if (!pane) return;
    const focused = this.rail.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const entry = (id, name, detail, kind, unread, current, run) => h('button', {
      type: 'button', class: 'rail-item', data: { id }, title: detail ? `${name} · ${detail}` : name,
      'aria-label': [name, detail, unread ? t('unread', { count: unread }) : ''].filter(Boolean).join(', '), 'aria-current': current ? 'true' : null, onclick: run,
    }, h('span', { class: 'rail-face' }, avatar(id, name, kind), unread ? h('span', { class: 'badge' }, String(unread)) : null),
    h('span', { class: 'rail-name', dir: 'auto' }, name), h('span', { class: 'rail-role', dir: 'auto' }, detail || ''));
    const { people, groups } = this.store.state;
    const inGroup = groups.some(({ id }) => id === pane.chatId);
    this.rail.replaceChildren(
      ...people.map((person) => entry(person.id, fullName(person), roleOf(person), '', this.store.unread(person.id),
        person.id === pane.viewer && !inGroup, () => pane.setViewer(person.id))),
      ...groups.map((group) => entry(group.id, group.title, t('group'), 'group', 0, group.id === pane.chatId, () => pane.openGroup(group))));
    if (focused) this.rail.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  toolList() {
    const dark = this.isDark();
    return [
      { icon: dark ? 'light' : 'dark', label: dark ? t('themeLight') : t('themeDark'), run: () => this.toggleTheme() },
      { text: t('languageShort'), label: t('language'), run: () => this.toggleLanguage() },
      { icon: 'guide', label: t('guide'), run: () => this.guide.open() },
      { icon: 'gear', label: t('engineers'), run: () => this.drawer.toggle() },
      { icon: 'reset', label: t('reset'), run: () => this.reset() },
    ];
  }

  drawTools() {
    if (!this.tools) return;
    const focused = this.tools.contains(document.activeElement) ? document.activeElement.dataset.tool : null;
    const shown = Number(this.root.dataset.panes || 1);
    const layouts = [[1, 'one'], [2, 'two'], [4, 'four']].filter(([count]) => innerWidth >= FITS[count]);
    this.tools.replaceChildren(
      layouts.length > 1 ? h('div', { class: 'segments', role: 'group', 'aria-label': t('layout') }, layouts.map(([count, name]) =>
        iconButton(name, t(`layout${count}`), () => this.setLayout(count), { class: 'segment', 'aria-pressed': String(count === shown), data: { tool: name } }))) : '',
      ...this.toolList().map((tool) => h('button', {
        type: 'button', class: 'round tool', title: tool.label, 'aria-label': tool.label, onclick: tool.run, data: { tool: tool.icon || 'language' },
      }, tool.icon ? icon(tool.icon) : h('b', {}, tool.text))),
      iconButton('more', t('tools'), (event) => menu(event.currentTarget, this.toolList().map((tool) =>
        (tool.icon ? tool : { ...tool, lead: h('b', { class: 'icon' }, tool.text) })), { label: t('tools') }),
      { class: 'round tools-more', 'aria-haspopup': 'menu', data: { tool: 'more' } }));
    if (focused) this.tools.querySelector(`[data-tool="${focused}"]`)?.focus();
  }

  setLayout(count) {
    this.save({ layout: count });
    this.layOut();
  }

  isDark() {
    return this.saved.theme ? this.saved.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  }

  applyTheme() {
    if (this.saved.theme) document.documentElement.dataset.theme = this.saved.theme;
  }

  toggleTheme() {
    this.save({ theme: this.isDark() ? 'light' : 'dark' });
    this.applyTheme();
    this.drawTools();
  }

  toggleLanguage() {
    const next = LANGUAGES.find((code) => code !== currentLanguage());
    this.save({ language: next });
    useLanguage(next);
    this.rebuild();
    this.tools.querySelector('[data-tool="language"]')?.focus();
  }

  async reset() {
    const agreed = await ask({ title: t('reset'), text: t('resetConfirm'), confirm: t('resetDo'), danger: true });
    if (!agreed) return;
    // The demo starts its bot anew for this, which takes a moment.
    this.root.setAttribute('aria-busy', 'true');
    try {
      await api.reset();
    } catch (error) {
      this.panes[0].fail(error);
    }
    this.root.removeAttribute('aria-busy');
  }

  async reload() {
    try {
      await this.store.loadState();
    } catch {
      return;
    }
    // A reset empties the cast before it is filled again; what follows then brings its own events.
    if (!this.store.state.people.length) return;
    this.panes.forEach((pane) => pane.reload());
    this.store.refresh(this.store.badgedPeople());
    this.drawRail();
    this.guide.draw();
  }

  chatsLoaded(viewers) {
    this.panes.forEach((pane) => pane.chatsLoaded(viewers));
    this.drawRail();
  }

  handle(event) {
    if (event.type === 'reset') {
      this.pending.clear();
      this.guide.reset();
      this.reload();
    } else if (event.type === 'people') {
      this.reload();
    } else {
      this.panes.forEach((pane) => pane.handle(event));
      this.guide.handle(event);
      this.drawer.handle(event);
      if (!['answer', 'action'].includes(event.type)) this.store.refresh(this.watching(event.chat_id));
    }
  }

  /** Those in the chat (without one: everybody) whose lists are on screen or counted in a badge. */
  watching(chatId) {
    const wanted = new Set([...this.panes.map((pane) => pane.viewer), ...this.store.badgedPeople()]);
    return (chatId === undefined ? [...wanted] : this.store.audience(chatId)).filter((id) => wanted.has(id));
  }

  showLost(lost) {
    this.lost.hidden = !lost;
  }

  pressed(event) {
    if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) {
      const person = this.store.state.people[Number(event.code.slice(5)) - 1];
      const pane = this.panes.find(({ el }) => el.contains(document.activeElement)) || this.panes[0];
      if (!person) return;
      event.preventDefault();
      pane.setViewer(person.id);
    }
  }

  remember() {
    if (this.panes.length) this.save({ panes: this.panes.map(({ viewer, chatId }) => ({ viewer, chat: chatId })) });
    this.drawRail();
  }

  save(change) {
    Object.assign(this.saved, change);
    try {
      localStorage.setItem(SAVED, JSON.stringify(this.saved));
    } catch {
      // A browser that stores nothing still shows the page.
    }
  }

  notify(text) {
    toast(this.root, text);
  }
}

function readSaved() {
  try {
    return JSON.parse(localStorage.getItem(SAVED)) || {};
  } catch {
    return {};
  }
}

const app = new App(document.getElementById('app'));
app.begin().catch((error) => {
  document.getElementById('announcer').classList.remove('unseen');
  document.getElementById('announcer').textContent = error.message;
});
