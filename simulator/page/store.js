import { api } from './api.js';
import { fullName } from './dom.js';

/** How many people's chat lists are kept fresh for the badges, besides those on screen. */
const BADGED_PEOPLE = 16;

/**
 * What the page knows: the cast, and each person's chat list. Listeners are told the names of the people whose lists
 * changed, in bursts, so that a broadcast to a hall costs one request a person and not one a message.
 */
export class Store {
  constructor() {
    this.state = { bot: {}, people: [], groups: [], suggested: null, locale: 'id' };
    this.chats = new Map();
    this.listeners = new Set();
    this.stale = new Set();
    this.loading = false;
    this.asked = 0;
    /** The number of the request that each person's list is from. */
    this.answered = new Map();
  }

  get bot() {
    return this.state.bot;
  }

  async loadState() {
    this.state = await api.state();
  }

  person(id) {
    return this.state.people.find((person) => person.id === id);
  }

  group(id) {
    return this.state.groups.find((group) => group.id === id);
  }

  chat(viewer, chatId) {
    return this.chats.get(viewer)?.find((chat) => chat.id === chatId);
  }

  nameOf(id) {
    const person = this.person(id);
    return person ? fullName(person) : this.group(id)?.title || '';
  }

  /** Everyone who would see something that happens in this chat. */
  audience(chatId) {
    return this.person(chatId) ? [chatId] : this.group(chatId)?.member_ids || [];
  }

  unread(viewer) {
    return (this.chats.get(viewer) || []).reduce((sum, chat) => sum + (chat.unread || 0), 0);
  }

  badgedPeople() {
    return this.state.people.slice(0, BADGED_PEOPLE).map((person) => person.id);
  }

  onChats(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks for fresh chat lists of these people; several calls in a row become one round. */
  refresh(viewers) {
    for (const viewer of viewers) this.stale.add(viewer);
    if (!this.loading && this.stale.size) {
      this.loading = true;
      setTimeout(() => this.#round(), 30);
    }
  }

  async #round() {
    const viewers = [...this.stale];
    this.stale.clear();
    await this.load(viewers).catch(() => {});
    this.loading = false;
    this.refresh([]);
  }

  async load(viewers) {
    this.asked += 1;
    const number = this.asked;
    const lists = await Promise.all(viewers.map((viewer) => api.chats(viewer)));
    viewers.forEach((viewer, index) => {
      if ((this.answered.get(viewer) || 0) > number) return;
      this.answered.set(viewer, number);
      this.chats.set(viewer, lists[index]);
    });
    for (const listener of this.listeners) listener(new Set(viewers));
  }
}
