import { api } from './api.js';
import { copy, openLink } from './clicks.js';
import { t } from './i18n.js';
import { shareInline } from './inline.js';
import { alertIn } from './popups.js';

/** Telegram's clients stop the spinner by themselves when the bot never answers. */
const ANSWER_MS = 15000;

/** Taps on the inline buttons of one conversation, and the answers that they wait for. */
export class Taps {
  constructor(talk) {
    this.talk = talk;
    /** By message: the button (`row:column`) that was tapped, and the timer that gives up. */
    this.waiting = new Map();
  }

  close() {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
  }

  async tap(message, row, col, button, element) {
    const { talk } = this;
    if (button.url) return openLink(talk, button.url);
    if (button.copy_text) return copy(talk, button.copy_text);
    if (button.switch_inline_query !== undefined) return shareInline(talk.pane, button.switch_inline_query);
    if (button.switch_inline_query_current_chat !== undefined) {
      return talk.composer.write(`@${talk.store.bot.username} ${button.switch_inline_query_current_chat}`);
    }
    if (this.waiting.has(message.id)) return;
    const spot = `${row}:${col}`;
    const timer = setTimeout(() => {
      this.stop(message.id);
      talk.pane.notify(t('answerLate'));
    }, ANSWER_MS);
    this.waiting.set(message.id, { spot, timer });
    spin(element.closest('.msg'), spot, true);
    try {
      await api.tap(talk.viewer, talk.chatId, message.id, row, col);
    } catch (error) {
      this.stop(message.id);
      talk.pane.fail(error);
    }
  }

  /** A message was drawn anew: its button goes on waiting. */
  redrawn(item) {
    const wait = this.waiting.get(item.message.id);
    if (wait) spin(item, wait.spot, true);
  }

  answered({ message_id: messageId, text, alert, url }) {
    const { talk } = this;
    this.stop(messageId);
    if (url) openLink(talk, url);
    else if (text && alert) alertIn(talk.pane.el, talk.store.bot.name, text);
    else if (text) talk.pane.notify(text);
  }

  stop(messageId) {
    const wait = this.waiting.get(messageId);
    if (!wait) return;
    clearTimeout(wait.timer);
    this.waiting.delete(messageId);
    spin(this.talk.history.item(messageId), wait.spot, false);
  }
}

function spin(item, spot, on) {
  const key = item?.querySelector(`[data-spot="${spot}"]`);
  key?.classList.toggle('busy', on);
  key?.setAttribute('aria-busy', String(on));
}
