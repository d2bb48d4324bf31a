import { api } from './api.js';
import { fullName, h, hasMouse, icon, iconButton } from './dom.js';
import { t } from './i18n.js';
import { summary } from './message.js';
import { ask, menu } from './popups.js';
import { askUpload } from './upload.js';

/** What was typed and not sent, by person and chat: switching to somebody else and back loses nothing. */
const drafts = new Map();

/** Where the sample location lies: the Ampera bridge in Palembang. */
const SAMPLE_PLACE = [-2.9917, 104.7636];

/** The foot of a conversation: START, the unblock button, or the field with its menus and the reply keyboard. */
export class Composer {
  constructor(talk) {
    this.talk = talk;
    this.reply = null;
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
    this.bigButton = h('button', { type: 'button', class: 'big-button', onclick: () => this.begin() });
    this.el = h('div', { class: 'composer' }, this.suggestions, this.quote, this.row, this.bigButton, this.keyboard);
    this.refresh();
  }

  get key() {
    return `${this.talk.viewer}:${this.talk.chatId}`;
  }

  close() {
    drafts.set(this.key, this.input.value);
  }

  get commands() {
    return this.talk.chat?.commands || [];
  }

  /** Shows what the chat allows now. */
  refresh() {
    const chat = this.talk.chat;
    const pending = this.talk.pane.pendingPayload(this.talk.chatId);
    const mustStart = Boolean(chat && (chat.can_start || chat.blocked || pending !== undefined));
    this.bigButton.hidden = !mustStart;
    this.row.hidden = mustStart;
    this.bigButton.textContent = chat?.blocked ? t('restart') : t('start');
    this.commandsButton.hidden = !this.commands.length;
    this.drawKeyboard(mustStart ? null : chat?.reply_keyboard);
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
    this.sendButton.disabled = !this.input.value.trim();
    const word = /^\/([a-z0-9_]*)$/i.exec(this.input.value)?.[1];
    const matches = word === undefined ? [] : this.commands.filter(({ command }) => command.startsWith(word.toLowerCase()));
    this.suggest(matches);
  }

  suggest(commands) {
    // The chat's facts are read again at every message; what was selected meanwhile stays so.
    if (JSON.stringify(commands) === JSON.stringify(this.suggested)) return;
    this.selected = -1;
    this.suggested = commands;
    this.suggestions.hidden = !commands.length;
    this.input.removeAttribute('aria-activedescendant');
    this.suggestions.replaceChildren(...commands.map(({ command, description }, index) => h('div', {
      class: 'suggestion', role: 'option', id: `${this.listId}-${index}`, 'aria-selected': 'false',
      onpointerdown: (event) => event.preventDefault(),
      onclick: () => this.sendCommand(command),
    }, h('b', {}, `/${command}`), h('span', { dir: 'auto' }, description))));
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
      this.input.value = `/${this.suggested[Math.max(this.selected, 0)].command} `;
      this.typed();
    } else if (event.key === 'Escape' && (suggesting || this.reply)) {
      event.stopPropagation();
      if (suggesting) this.suggest([]);
      else this.replyTo(null);
    } else if (event.key === 'Enter' && !event.shiftKey && hasMouse.matches) {
      event.preventDefault();
      if (suggesting && this.selected >= 0) this.sendCommand(this.suggested[this.selected].command);
      else this.submit();
    }
  }

  async submit() {
    const text = this.input.value.trim();
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

  replyTo(message, focus = true) {
    this.reply = message;
    this.quote.hidden = !message;
    if (!message) return;
    this.quote.replaceChildren(icon('reply'),
      h('span', { class: 'quote' },
        h('span', { class: 'quote-name', dir: 'auto' }, t('replyTo', { name: message.from?.name || '' })),
        h('span', { class: 'quote-text', dir: 'auto' }, summary(message))),
      iconButton('close', t('replyCancel'), () => this.replyTo(null)));
    if (focus) this.input.focus();
  }

  resize() {
    this.input.style.height = 'auto';
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 150)}px`;
  }

  attach() {
    const entries = [
      { icon: 'photo', label: t('photo'), run: () => this.pick('photo', 'image/*') },
      { icon: 'document', label: t('documentKind'), run: () => this.pick('document', '') },
    ];
    if (!this.talk.isGroup) {
      entries.push({ icon: 'contact', label: t('contact'), run: () => this.shareContact() });
      entries.push({ icon: 'location', label: t('location'), run: () => this.shareLocation() });
    }
    menu(this.attachButton, entries, { label: t('attach') });
  }

  pick(kind, accept) {
    const chooser = h('input', { type: 'file', accept, hidden: true, onchange: () => this.upload(chooser.files[0], kind) });
    chooser.addEventListener('cancel', () => chooser.remove());
    this.el.append(chooser);
    chooser.click();
  }

  pasted(event) {
    const file = event.clipboardData?.files?.[0];
    if (!file) return;
    event.preventDefault();
    this.upload(file, file.type.startsWith('image/') ? 'photo' : 'document');
  }

  async upload(file, kind) {
    this.el.querySelector('input[type=file]')?.remove();
    if (!file || this.row.hidden) return;
    const caption = await askUpload(file, kind);
    if (caption === null) return;
    await this.attempt(() => api.upload(this.talk.viewer, this.talk.chatId, kind, caption, file));
  }

  async shareContact() {
    const name = fullName(this.talk.store.person(this.talk.viewer));
    const agreed = await ask({ title: t('shareContact'), text: t('shareContactText', { name }), confirm: t('shareDo') });
    if (agreed) await this.attempt(() => api.contact(this.talk.viewer, this.talk.chatId));
  }

  async shareLocation() {
    const agreed = await ask({ title: t('shareLocation'), text: t('shareLocationText'), confirm: t('shareDo') });
    if (agreed) await this.attempt(() => api.location(this.talk.viewer, this.talk.chatId, ...SAMPLE_PLACE));
  }

  async attempt(action) {
    try {
      await action();
    } catch (error) {
      this.talk.pane.fail(error);
    }
  }
}
