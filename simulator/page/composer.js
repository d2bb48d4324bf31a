import { api } from './api.js';
import { fullName, h, hasMouse, icon, iconButton } from './dom.js';
import { mayEdit, mayHaveCaption } from './actions.js';
import { t } from './i18n.js';
import { InlineMode } from './inline.js';
import { summary } from './message.js';
import { askPlace } from './places.js';
import { ask, menu } from './popups.js';
import { askUpload, kindOf } from './upload.js';

/** What was typed and not sent, by person and chat: switching to somebody else and back loses nothing. */
const drafts = new Map();

/** The foot of a conversation: START, the unblock button, or the field with its menus and the reply keyboard. */
export class Composer {
  constructor(talk) {
    this.talk = talk;
    this.reply = null;
    this.edited = null;
    this.inline = new InlineMode(this);
    this.keyboardOpen = true;
    this.selected = -1;
    this.suggested = [];
    this.listId = `commands-${Math.random().toString(36).slice(2)}`;
    this.input = h('textarea', {
      rows: 1,
      dir: 'auto',
      maxLength: 4096,
      placeholder: t('message'),
      'aria-label': t('message'),
      'aria-autocomplete': 'list',
      'aria-controls': this.listId,
      autocomplete: 'off',
      value: drafts.get(this.key) || '',
      oninput: () => this.typed(),
      onkeydown: (event) => this.pressed(event),
      onpaste: (event) => this.pasted(event),
    });
    this.commandsButton = h('button', {
      type: 'button',
      class: 'commands-button',
      'aria-label': t('commandsLabel'),
      'aria-haspopup': 'menu',
      onclick: () => this.toggleCommands(),
    }, icon('menu'), h('span', { class: 'commands-word' }, t('commands')));
    this.keyboardButton = iconButton('keyboard', t('replyKeyboardHide'), () => this.toggleKeyboard());
    this.attachButton = iconButton('attach', t('attach'), () => this.attach(), { 'aria-haspopup': 'menu' });
    this.sendButton = iconButton('send', t('send'), () => this.submit(), { class: 'round send' });
    this.suggestions = h('div', {
      class: 'suggestions', id: this.listId, role: 'listbox', 'aria-label': t('commandsLabel'), hidden: true,
    });
    this.quote = h('div', { class: 'composer-quote', hidden: true });
    this.row = h('div', { class: 'composer-row' },
      this.commandsButton, this.input, this.keyboardButton, this.attachButton, this.sendButton);
    this.keyboard = h('div', { class: 'reply-keyboard', role: 'group', 'aria-label': t('replyKeyboard'), hidden: true });
    this.closedNote = h('p', { class: 'closed-note', hidden: true }, t('topicClosedNote'));
    this.bigButton = h('button', { type: 'button', class: 'big-button', onclick: () => this.begin() });
    this.el = h('div', { class: 'composer' }, this.suggestions, this.quote, this.row, this.closedNote, this.bigButton, this.keyboard);
    this.refresh();
  }

  get key() {
    return `${this.talk.viewer}:${this.talk.chatId}:${this.talk.topicId ?? ''}`;
  }

  close() {
    this.inline.stop();
    drafts.set(this.key, this.edited ? this.draft : this.input.value);
  }

  get isAdmin() {
    return Boolean(this.talk.store.group(this.talk.chatId)?.admin_ids.includes(this.talk.viewer));
  }

  get commands() {
    return this.talk.chat?.commands || [];
  }

  /** Shows what the chat allows now. */
  refresh() {
    const chat = this.talk.chat;
    const pending = this.talk.pane.pendingPayload(this.talk.chatId);
    const mustStart = Boolean(chat && (chat.can_start || chat.blocked || pending !== undefined));
    const isShut = Boolean(this.talk.topic?.is_closed) && !this.isAdmin;
    this.bigButton.hidden = !mustStart;
    this.closedNote.hidden = !isShut;
    this.row.hidden = mustStart || isShut;
    this.bigButton.textContent = chat?.blocked ? t('restart') : t('start');
    this.commandsButton.hidden = !this.commands.length;
    this.drawKeyboard(this.row.hidden ? null : chat?.reply_keyboard);
    this.typed();
    this.resize();
  }

  drawKeyboard(markup) {
    const rows = markup?.keyboard || [];
    const drawn = JSON.stringify(rows);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.keyboardOpen = true;
      this.keyboard.replaceChildren(...rows.map((row) => h('div', { class: 'key-row' },
        row.map((button) => h('button', {
          type: 'button', class: 'reply-key', dir: 'auto', onclick: () => this.answer(button, markup),
        }, button.request_contact ? icon('contact') : button.request_location ? icon('location') : null,
          typeof button === 'string' ? button : button.text)))));
    }
    if (markup?.force_reply && markup !== this.forced) {
      const asked = this.talk.items().findLast((item) => item.message.from?.is_bot);
      if (asked) this.replyTo(asked.message, false);
    }
    this.forced = markup;
    this.input.placeholder = markup?.input_field_placeholder || t('message');
    this.keyboardButton.hidden = !rows.length;
    this.keyboard.hidden = !rows.length || !this.keyboardOpen;
    this.keyboardButton.setAttribute('aria-expanded', String(!this.keyboard.hidden));
    const label = this.keyboard.hidden ? t('replyKeyboard') : t('replyKeyboardHide');
    this.keyboardButton.setAttribute('aria-label', label);
    this.keyboardButton.title = label;
  }

  toggleKeyboard() {
    this.keyboardOpen = !this.keyboardOpen;
    this.drawKeyboard(this.talk.chat?.reply_keyboard);
  }

  async answer(button, markup) {
    if (button.request_contact) return this.shareContact();
    if (button.request_location) return this.shareLocation();
    if (await this.talk.send(typeof button === 'string' ? button : button.text) && markup.one_time_keyboard) {
      this.keyboardOpen = false;
      this.drawKeyboard(this.talk.chat?.reply_keyboard);
    }
  }

  async begin() {
    const { pane, viewer, chatId } = this.talk;
    this.bigButton.disabled = true;
    try {
      await api.start(viewer, pane.pendingPayload(chatId) || this.invitation());
      pane.clearPending(chatId);
      await pane.store.load([viewer]);
      if (hasMouse.matches) this.input.focus();
    } catch (error) {
      pane.fail(error);
    }
    this.bigButton.disabled = false;
  }

  /** What the suggested person's first START carries, as if they had come by their invitation's link. */
  invitation() {
    const { suggested } = this.talk.store.state;
    return suggested?.person_id === this.talk.viewer && this.talk.chat?.can_start ? suggested.start_payload : '';
  }

  typed() {
    this.resize();
    const { value } = this.input;
    this.sendButton.disabled = !value.trim() && !(this.edited && mayHaveCaption(this.edited));
    // The chat's facts are read again at every message; what was selected or closed meanwhile stays so.
    const looksAt = `${value}\n${this.commands.map(({ command }) => command)}`;
    if (looksAt === this.lookedAt) return;
    this.lookedAt = looksAt;
    const query = this.edited ? undefined : this.inline.query(value);
    if (query !== undefined) return this.inline.ask(query);
    this.inline.stop();
    const word = /^\/([a-z0-9_]*)$/i.exec(value)?.[1];
    const matches = word === undefined ? [] : this.commands.filter(({ command }) => command.startsWith(word.toLowerCase()));
    this.show(matches.length ? matches.map((command) => this.commandOption(command)) : this.inline.offer(value));
  }

  commandOption({ command, description }) {
    return {
      id: command,
      completes: `/${command} `,
      node: [h('b', {}, `/${command}`), h('span', { dir: 'auto' }, description)],
      run: () => this.sendCommand(command),
    };
  }

  /** Puts a text into the field as if it had been typed. */
  write(text) {
    this.input.value = text;
    this.typed();
    this.input.focus();
  }

  /** The list above the field: `{id, node, run, completes}`. */
  show(options) {
    const shown = options.map(({ id }) => id).join();
    if (shown === this.shown) return;
    this.shown = shown;
    this.selected = -1;
    this.suggested = options;
    this.suggestions.hidden = !options.length;
    this.suggestions.setAttribute('aria-label', t(shown.startsWith('inline') ? 'inlineLabel' : 'commandsLabel'));
    this.input.removeAttribute('aria-activedescendant');
    this.suggestions.replaceChildren(...options.map((option, index) => h('div', {
      class: 'suggestion', role: 'option', id: `${this.listId}-${index}`, 'aria-selected': 'false',
      onpointerdown: (event) => event.preventDefault(),
      onclick: option.run,
    }, option.node)));
  }

  select(index) {
    const options = [...this.suggestions.children];
    this.selected = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute('aria-selected', String(at === this.selected)));
    options[this.selected].scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', options[this.selected].id);
  }

  toggleCommands() {
    menu(this.commandsButton, this.commands.map(({ command, description }) => ({
      label: `/${command}`, detail: description, run: () => this.sendCommand(command),
    })), { label: t('commandsLabel'), className: 'commands-menu' });
  }

  /** In a group a command names its bot, as Telegram's clients write it. */
  async sendCommand(command) {
    const text = this.talk.isGroup ? `/${command}@${this.talk.store.bot.username}` : `/${command}`;
    this.input.value = '';
    this.typed();
    await this.talk.send(text);
    if (hasMouse.matches) this.input.focus();
  }

  pressed(event) {
    if (event.isComposing) return;
    const suggesting = !this.suggestions.hidden;
    if (suggesting && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
      event.preventDefault();
      this.select(this.selected + (event.key === 'ArrowDown' ? 1 : this.selected < 0 ? 0 : -1));
    } else if (suggesting && event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      const option = this.suggested[Math.max(this.selected, 0)];
      if (option.completes) this.write(option.completes);
      else option.run();
    } else if (event.key === 'Escape' && (suggesting || this.reply || this.edited)) {
      event.stopPropagation();
      if (suggesting) this.show([]);
      else if (this.edited) this.edit(null);
      else this.replyTo(null);
    } else if (event.key === 'ArrowUp' && !this.input.value && !this.edited) {
      this.editLast(event);
    } else if (event.key === 'Enter' && !event.shiftKey && hasMouse.matches) {
      event.preventDefault();
      const asks = this.inline.query(this.input.value) !== undefined;
      if (suggesting && (this.selected >= 0 || asks)) this.suggested[Math.max(this.selected, 0)].run();
      else if (!asks) this.submit();
    }
  }

  async submit() {
    const text = this.input.value.trim();
    if (this.edited) return this.submitEdit(text);
    if (!text) return;
    const reply = this.reply;
    this.input.value = '';
    this.replyTo(null);
    this.typed();
    if (!(await this.talk.send(text, reply?.id)) && !this.input.value) {
      this.input.value = text;
      this.replyTo(reply);
      this.typed();
    }
  }

  async submitEdit(text) {
    const { edited } = this;
    if (edited.text && !text) return;
    try {
      await api.edit(this.talk.viewer, this.talk.chatId, edited.id, text);
      if (this.edited === edited) this.edit(null);
    } catch (error) {
      this.talk.pane.fail(error);
    }
  }

  replyTo(message, focus = true) {
    if (this.edited) this.edit(null);
    this.reply = message;
    this.quoteAbove('reply', message && t('replyTo', { name: message.from?.name || '' }), message, () => this.replyTo(null));
    if (message && focus) this.input.focus();
  }

  /** Puts one's own message into the field to change it; null brings back what was being written. */
  edit(message) {
    if (message && !this.edited) this.draft = this.input.value;
    this.reply = null;
    this.edited = message;
    this.row.classList.toggle('editing', Boolean(message));
    this.quoteAbove('edit', t('editing'), message, () => this.edit(null));
    this.write(message ? message.text || message.caption || '' : this.draft);
  }

  /** The arrow upwards in an empty field takes up the last message that can still be changed. */
  editLast(event) {
    const last = this.talk.items().findLast((item) => mayEdit(item.message, this.talk.viewer));
    if (!last) return;
    event.preventDefault();
    this.edit(last.message);
  }

  /** The strip above the field that says which message it answers or changes. */
  quoteAbove(kind, title, message, close) {
    this.quote.hidden = !message;
    if (!message) return;
    this.quote.replaceChildren(icon(kind),
      h('span', { class: 'quote' },
        h('span', { class: 'quote-name', dir: 'auto' }, title),
        h('span', { class: 'quote-text', dir: 'auto' }, summary(message))),
      iconButton('close', t(kind === 'edit' ? 'editCancel' : 'replyCancel'), close));
  }

  resize() {
    this.input.style.height = 'auto';
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 150)}px`;
  }

  attach() {
    const entries = [
      { icon: 'photo', label: t('photoOrFilm'), run: () => this.pick('image/*,video/*') },
      { icon: 'document', label: t('documentKind'), run: () => this.pick('', 'document') },
      { icon: 'location', label: t('location'), run: () => this.shareLocation() },
      { icon: 'contact', label: t('contact'), run: () => this.shareContact() },
    ];
    menu(this.attachButton, entries, { label: t('attach') });
  }

  pick(accept, kind) {
    const chooser = h('input', { type: 'file', accept, hidden: true, onchange: () => this.upload(chooser.files[0], kind) });
    chooser.addEventListener('cancel', () => chooser.remove());
    this.el.append(chooser);
    chooser.click();
  }

  pasted(event) {
    const file = event.clipboardData?.files?.[0];
    if (!file) return;
    event.preventDefault();
    this.upload(file);
  }

  /** Sends a file after its caption was asked for; without a `kind` it goes as what it is. */
  async upload(file, given) {
    this.el.querySelector('input[type=file]')?.remove();
    if (!file || this.row.hidden) return;
    const kind = given || kindOf(file);
    const caption = await askUpload(file, kind);
    if (caption === null) return;
    await this.attempt((viewer, chatId, topic) => api.upload(viewer, chatId, kind, caption, file, topic));
  }

  /** Whom it goes to, as the questions name it. */
  get receiver() {
    return this.talk.isGroup ? this.talk.store.nameOf(this.talk.chatId) : this.talk.store.bot.name;
  }

  async shareContact() {
    const name = fullName(this.talk.store.person(this.talk.viewer));
    const text = t('shareContactText', { name, receiver: this.receiver });
    const agreed = await ask({ title: t('shareContact'), text, confirm: t('shareDo') });
    if (agreed) await this.attempt((viewer, chatId, topic) => api.contact(viewer, chatId, topic));
  }

  async shareLocation() {
    const named = this.talk.items().findLast(({ message }) => message.location && message.from?.is_bot)?.message;
    const place = await askPlace(t('shareLocationText', { receiver: this.receiver }), named);
    if (place) await this.attempt((viewer, chatId, topic) => api.location(viewer, chatId, ...place, topic));
  }

  async attempt(action) {
    try {
      await action(this.talk.viewer, this.talk.chatId, this.talk.topicId);
    } catch (error) {
      this.talk.pane.fail(error);
    }
  }
}
