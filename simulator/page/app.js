import { api } from './api.js';
import { h } from './dom.js';
import { Drawer } from './drawer.js';
import { Guide } from './guide.js';
import { currentLanguage, LANGUAGES, t, useClock, useLanguage } from './i18n.js';
import { follow } from './live.js';
import { Pane } from './pane.js';
import { ask, closePopup, toast } from './popups.js';
import { Rail } from './rail.js';
import { Store } from './store.js';
import { Toolbar } from './toolbar.js';

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
    window.addEventListener('popstate', ({ state }) => this.travelled(state));
    window.addEventListener('resize', () => {
      closePopup(false);
      this.layOut();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.toolbar.draw());
    this.root.removeAttribute('aria-busy');
  }

  /** The only phone in the window, showing either its list or a chat. */
  isAlone(pane) {
    return this.panes.length === 1 && this.panes[0] === pane && pane.isNarrow();
  }

  travelled(state) {
    const [pane] = this.panes;
    if (!this.isAlone(pane)) return;
    if (!state?.chat) pane.closeTalk();
    else if (this.store.chat(pane.viewer, state.chat)) pane.openChat(state.chat, true);
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
    this.toolbar = new Toolbar(this);
    this.slot = h('div', { class: 'person-slot' });
    this.lost = h('div', { class: 'lost', role: 'status', hidden: true }, h('span', { class: 'spinner' }), t('lost'));
    this.guide = new Guide(this);
    this.rail = new Rail(this);
    this.stage = h('main', { class: 'stage' });
    this.drawer = new Drawer(this);
    this.root.replaceChildren(
      h('header', { class: 'topbar' },
        h('div', { class: 'brand' }, h('img', { src: new URL('icon.svg', import.meta.url).href, alt: '', width: 28, height: 28 }),
          h('h1', { dir: 'auto' }, this.store.state.title || this.store.bot.name)),
        this.slot, this.lost, this.toolbar.el),
      this.guide.el,
      h('div', { class: 'floor' }, this.rail.el, this.stage),
      this.drawer.el);
    this.toolbar.draw();
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
    const count = Math.max(...this.layouts().filter((option) => option <= wanted));
    const kept = this.saved.panes || [];
    while (this.panes.length > count) this.panes.pop().close();
    while (this.panes.length < count) {
      const pane = new Pane(this, ...this.nextPhone(kept[this.panes.length]));
      this.panes.push(pane);
      this.stage.append(pane.el);
    }
    this.root.dataset.panes = count;
    const alone = count === 1;
    this.panes.forEach((pane) => {
      (alone ? this.slot : pane.head).append(pane.personButton);
      pane.drawPersonButton();
    });
    this.toolbar.draw();
    this.rail.draw();
    this.guide.draw();
  }

  /** Whose phone comes next and which chat it shows: as it was saved, or somebody who has none yet. */
  nextPhone(saved) {
    const known = saved && this.store.person(saved.viewer) && (saved.chat === null || this.store.nameOf(saved.chat));
    if (known) return [saved.viewer, saved.chat];
    const taken = this.panes.map((pane) => pane.viewer);
    const free = this.store.state.people.find(({ id }) => !taken.includes(id));
    const viewer = (this.panes.length && free?.id) || this.firstPerson();
    return [viewer, viewer];
  }

  setLayout(count) {
    this.save({ layout: count });
    this.layOut();
  }

  /** How many phones this window has room for. */
  layouts() {
    return Object.keys(FITS).map(Number).filter((count) => innerWidth >= FITS[count]);
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
    this.toolbar.draw();
  }

  toggleLanguage() {
    const next = LANGUAGES.find((code) => code !== currentLanguage());
    this.save({ language: next });
    useLanguage(next);
    this.rebuild();
    this.toolbar.focus('language');
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
    this.rail.draw();
    this.guide.draw();
  }

  chatsLoaded(viewers) {
    this.panes.forEach((pane) => pane.chatsLoaded(viewers));
    this.rail.draw();
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
    this.rail.draw();
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
