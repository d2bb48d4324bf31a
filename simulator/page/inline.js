import { api } from './api.js';
import { avatar, h } from './dom.js';
import { t } from './i18n.js';
import { ask } from './popups.js';

const PAUSE_MS = 250;

/**
 * Inline mode in one composer: `@bot words` in the field becomes results above it.
 * The composer is told what to show by `show(options)`; an option is `{id, node, run}`.
 */
export class InlineMode {
  constructor(composer) {
    this.composer = composer;
    this.talk = composer.talk;
    this.asked = 0;
  }

  /** What the field asks the bot; undefined when it asks nothing. */
  query(text) {
    const { username, inline } = this.talk.store.bot;
    const found = inline && /^@(\w+)\s([^]*)$/.exec(text);
    return found && found[1].toLowerCase() === username.toLowerCase() ? found[2].trim() : undefined;
  }

  /** The bot's own name, while somebody begins to write it. */
  offer(text) {
    const { username, inline, name } = this.talk.store.bot;
    const begun = inline && /^@(\w*)$/.exec(text)?.[1];
    if (begun === undefined || begun === false || !username.toLowerCase().startsWith(begun.toLowerCase())) return [];
    return [{
      id: 'inline-bot',
      node: h('span', { class: 'inline-text' }, h('b', {}, `@${username}`), h('span', { dir: 'auto' }, t('inlineOffer', { name }))),
      run: () => this.composer.write(`@${username} `),
    }];
  }

  /** Asks a little after the last letter; an answer that another question overtook is dropped. */
  ask(query) {
    clearTimeout(this.timer);
    this.asked += 1;
    const number = this.asked;
    this.timer = setTimeout(async () => {
      const { viewer, chatId } = this.talk;
      const found = await api.inline(viewer, chatId, query).catch((error) => {
        this.talk.pane.fail(error);
        return null;
      });
      if (number === this.asked && this.talk.alive && found) this.composer.show(this.options(found));
    }, PAUSE_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  options({ id, results, button, answered }) {
    const options = results.map((result) => ({
      id: `inline-${id}-${result.id}`,
      node: [avatar(0, result.title.replace(/[^\p{L}\p{N}\s]/gu, '')), h('span', { class: 'inline-text' },
        h('b', { dir: 'auto' }, result.title), h('span', { dir: 'auto' }, result.description))],
      run: () => this.send(id, result.id),
    }));
    if (button?.start_parameter !== undefined) {
      options.unshift({
        id: `inline-${id}-button`,
        node: h('span', { class: 'inline-text' }, h('b', { dir: 'auto' }, button.text)),
        run: () => {
          this.composer.write('');
          this.talk.pane.openBot(button.start_parameter);
        },
      });
    }
    if (options.length) return options;
    return [{ id: `inline-${id}-none`, node: h('span', { class: 'inline-text' }, t(answered ? 'inlineNone' : 'inlineLate')), run: () => {} }];
  }

  async send(queryId, resultId) {
    const { viewer, chatId, topicId } = this.talk;
    const text = this.composer.input.value;
    this.composer.write('');
    try {
      await api.sendInline(viewer, chatId, queryId, resultId, topicId);
    } catch (error) {
      this.composer.write(text);
      this.talk.pane.fail(error);
    }
  }
}

/** A button that shares something by inline mode: the person says in which of their chats. */
export async function shareInline(pane, query) {
  const chats = pane.store.chats.get(pane.viewer) || [];
  const choices = chats.map((chat, index) => h('label', { class: 'choice' },
    h('input', { type: 'radio', name: 'chat', value: chat.id, checked: !index }),
    avatar(chat.id, chat.title, chat.type === 'private' ? 'bot' : 'group'), h('span', { dir: 'auto' }, chat.title)));
  const chosen = await ask({
    title: t('inlineWhere'), body: choices, confirm: t('inlineOpen'),
    read: () => Number(choices.map((label) => label.firstChild).find((input) => input.checked).value),
  });
  if (chosen === null) return;
  pane.openChat(chosen);
  pane.talk.composer.write(`@${pane.store.bot.username} ${query}`);
}
