import { fill, h, icon, iconButton } from './dom.js';
import { t } from './i18n.js';

const STEPS = 3;
const ORGANISER = /panitia|organi[sz]er|committee/i;
/** So many messages of the bot are talk about registering; who got more has gone through with it. */
const GREETINGS = 5;

/** The strip for a first visit: what to try, in three steps, each with the button that takes one there. */
export class Guide {
  constructor(app) {
    this.app = app;
    this.step = 0;
    this.done = new Set();
    this.el = h('section', { class: 'guide', 'aria-label': t('guide'), hidden: app.saved.guideClosed === true });
    this.draw();
  }

  cast() {
    const { people, groups, suggested } = this.app.store.state;
    const organiser = people.find(({ role_label: label }) => ORGANISER.test(label || ''));
    const participant = people.find(({ id }) => id === suggested?.person_id) || people.find((person) => person !== organiser);
    return [participant, organiser, groups[0]];
  }

  open() {
    this.el.hidden = false;
    this.app.save({ guideClosed: false });
    this.draw();
    this.el.querySelector('.guide-go')?.focus();
  }

  close() {
    this.el.hidden = true;
    this.app.save({ guideClosed: true });
  }

  draw() {
    const target = this.cast()[this.step];
    const name = this.app.store.nameOf(target?.id);
    const complete = this.done.size === STEPS;
    const isThere = Boolean(target) && this.isThere(target);
    const focused = this.el.contains(document.activeElement);
    const number = this.step + 1;
    fill(this.el,
      h('ol', { class: 'guide-dots' }, Array.from({ length: STEPS }, (_, index) => h('li', {}, h('button', {
        type: 'button',
        class: 'guide-dot',
        'aria-label': t('guideStep', { step: index + 1, total: STEPS }),
        'aria-current': index === this.step ? 'step' : null,
        onclick: () => this.go(index),
      }, this.done.has(index) ? icon('check') : String(index + 1))))),
      h('p', { class: 'guide-text' }, complete ? t('guideDone') : t(`guideText${number}${isThere && number === 2 ? 'There' : ''}`, { name })),
      target && !complete && !isThere ? this.goButton(target, name) : null,
      iconButton('close', t('guideClose'), () => this.close(), { class: 'round guide-close' }));
    if (focused) this.el.querySelector('.guide-go')?.focus();
  }

  /** Whether a phone already shows what the step's button would open. */
  isThere(target) {
    return this.app.panes.some((pane) => pane.chatId === target.id && (Boolean(target.member_ids) || pane.viewer === target.id));
  }

  goButton(target, name) {
    return h('button', { type: 'button', class: 'filled guide-go', onclick: () => this.take(target) },
      target.member_ids ? t('guideGoGroup') : t('guideGo', { name }));
  }

  go(step) {
    // Going through it once more is meant when all was done.
    if (this.done.size === STEPS) this.done.clear();
    this.step = Math.min(Math.max(step, 0), STEPS - 1);
    this.draw();
  }

  take(target) {
    const pane = this.app.panes[0];
    if (target.member_ids) pane.openGroup(target);
    else pane.setViewer(target.id);
    pane.talk?.composer.el.querySelector('.big-button:not([hidden]), textarea')?.focus();
  }

  /** Ticks a step off when what it asks for has happened, and moves on to the next. */
  finish(step) {
    if (this.done.has(step)) return;
    this.done.add(step);
    if (this.step === step && step + 1 < STEPS) this.step = step + 1;
    this.draw();
  }

  opened(chatId) {
    const group = this.cast()[2];
    if (group && chatId === group.id && this.done.has(1)) this.finish(2);
    this.draw();
  }

  handle(event) {
    const { message, chat_id: chat } = event;
    if (event.type !== 'message' || !message.from) return;
    const [participant, organiser, group] = this.cast();
    if (!message.from.is_bot) {
      this.lastWriter = message.from.id;
      return;
    }
    if (chat === participant?.id && !this.done.has(0)) {
      this.answersToFirst = (this.answersToFirst || 0) + 1;
      if (this.answersToFirst > GREETINGS) this.finish(0);
    }
    // What the bot tells others after the organiser wrote is what the organiser had it send.
    if (this.lastWriter === organiser?.id && chat !== organiser.id) {
      this.finish(1);
      if (chat === group?.id && this.app.panes.some((pane) => pane.chatId === chat)) this.finish(2);
    }
  }

  reset() {
    this.done.clear();
    this.answersToFirst = 0;
    this.lastWriter = null;
    this.step = 0;
    this.draw();
  }
}
