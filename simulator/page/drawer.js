import { address, api } from './api.js';
import { fill, fullName, h, iconButton } from './dom.js';
import { currentLanguage, d, fullMoment, LANGUAGES, now, t, useClock } from './i18n.js';

const UNITS = [['days', 86400], ['hours', 3600], ['minutes', 60]];
const LEAPS = [['leapHour', 3600], ['leapDay', 86400], ['leapWeek', 7 * 86400]];
const SHOWN_CALLS = 100;
const CROWDS = [50, 300];
const CROWD_PER_SECOND = 20;
const WATCH_MS = 1000;
const AMOUNTS = ['latency_ms', 'jitter_ms'];
/** Shares of calls: from 0 to 1 for the server, per cent on screen. */
const SHARES = ['reset_rate', 'bad_gateway_rate', 'timeout_rate', 'duplicate_rate', 'repeat_rate'];
const SWITCHES = ['out_of_order', 'limit_overall', 'limit_chat', 'limit_group'];
const NO_FAULTS = Object.fromEntries([
  ...[...AMOUNTS, ...SHARES].map((name) => [name, 0]),
  ...SWITCHES.map((name) => [name, false]),
  ['methods', []],
]);

/** The engineers' side: what the bot called, what goes wrong on purpose, what time it is, a crowd, who is there. */
export class Drawer {
  constructor(app) {
    this.app = app;
    this.body = h('div', { class: 'drawer-body' });
    this.tabs = ['calls', 'faults', 'clock', 'crowd', 'people'].map((name) => h('button', {
      type: 'button', class: 'tab', role: 'tab', id: `tab-${name}`, data: { name }, onclick: () => this.show(name),
    }, d(name)));
    this.el = h('aside', {
      class: 'drawer',
      hidden: true,
      'aria-label': t('engineers'),
      onkeydown: (event) => {
        if (event.key === 'Escape') this.toggle();
      },
    },
    h('header', { class: 'drawer-head' }, h('h2', {}, t('engineers')), iconButton('close', t('close'), () => this.toggle())),
    h('div', { class: 'tabs', role: 'tablist', 'aria-label': t('engineers') }, this.tabs),
    this.body);
  }

  toggle() {
    this.el.hidden = !this.el.hidden;
    this.app.root.classList.toggle('with-drawer', !this.el.hidden);
    if (this.el.hidden) return;
    this.show(this.current || 'calls');
    this.tabs[0].focus();
  }

  async show(name) {
    this.current = name;
    for (const tab of this.tabs) tab.setAttribute('aria-selected', String(tab.dataset.name === name));
    this.body.setAttribute('role', 'tabpanel');
    this.body.setAttribute('aria-labelledby', `tab-${name}`);
    try {
      await this[name]();
    } catch (error) {
      this.body.replaceChildren(h('p', { class: 'drawer-note', role: 'alert' }, t('failed', { reason: error.message })));
    }
  }

  handle(event) {
    if (this.el.hidden || this.current !== 'calls' || event.type === 'action') return;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.show('calls'), 250);
  }

  async calls() {
    const log = await api.log(SHOWN_CALLS);
    if (this.current !== 'calls') return;
    const open = new Set([...this.body.querySelectorAll('details[open]')].map((node) => node.dataset.key));
    this.body.replaceChildren(
      h('p', { class: 'drawer-note' }, d('traceHint')),
      h('div', { class: 'drawer-row' },
        h('button', { type: 'button', class: 'plain', onclick: () => this.show('calls') }, d('refresh')),
        h('a', { class: 'plain', href: address('log?download=1&limit=100000'), download: 'calls.json' }, d('downloadLog'))),
      log.length ? h('div', { class: 'calls' }, log.reverse().map((call) => callEntry(call, open)))
        : h('p', { class: 'drawer-note' }, d('noCalls')));
  }

  /** Opens at what happened around one message. */
  open(chatId, messageId) {
    if (this.el.hidden) this.toggle();
    return this.inspect(chatId, messageId);
  }

  /** What happened around one message; only while the drawer is open, so that a click on a message stays a click. */
  async inspect(chatId, messageId) {
    if (this.el.hidden) return;
    this.current = 'trace';
    for (const tab of this.tabs) tab.setAttribute('aria-selected', 'false');
    this.body.removeAttribute('aria-labelledby');
    const { updates, calls } = await api.trace(chatId, messageId).catch(() => ({ updates: [], calls: [] }));
    if (this.current !== 'trace') return;
    const none = () => h('p', { class: 'drawer-note' }, d('noTrace'));
    fill(this.body,
      h('h3', {}, d('traceUpdates', { id: messageId })),
      updates.length ? updates.map((update) => h('pre', { class: 'raw', tabIndex: 0 }, JSON.stringify(update, null, 2))) : none(),
      h('h3', {}, d('traceCalls', { id: messageId })),
      calls.length ? calls.map((call) => callEntry(call, new Set())) : none());
  }

  async crowd() {
    const found = await api.crowd();
    const { running, answered } = found;
    if (this.current !== 'crowd') return;
    clearTimeout(this.watch);
    if (running) this.watch = setTimeout(() => this.current === 'crowd' && !this.el.hidden && this.show('crowd'), WATCH_MS);
    const status = d(running ? 'crowdRunning' : 'crowdIdle', found);
    const waits = answered ? d('crowdWaits', inSeconds(found)) : '';
    if (this.crowdStatus?.isConnected && this.crowdStatus.dataset.running === String(running)) {
      this.crowdStatus.textContent = status;
      this.crowdWaits.textContent = waits;
      return;
    }
    this.crowdStatus = h('p', { class: 'drawer-note', data: { running: String(running) } }, status);
    this.crowdWaits = h('p', { class: 'drawer-note' }, waits);
    const payload = this.app.store.state.suggested?.start_payload || '';
    const speed = number('per_second', d('crowdSpeed'), this.crowdSpeed || CROWD_PER_SECOND, { min: 1, max: 500 });
    const set = (people) => {
      this.crowdSpeed = Number(speed.lastChild.value);
      return api.setCrowd(people, this.crowdSpeed, payload).then(() => this.show('crowd'));
    };
    this.body.replaceChildren(
      h('p', { class: 'drawer-note' }, d('crowdAbout')),
      this.crowdStatus,
      this.crowdWaits,
      h('div', { class: 'drawer-form' }, speed,
        CROWDS.map((people) => h('button', {
          type: 'button', class: 'filled', onclick: (event) => this.submit(event, () => set(people)),
        }, d('crowdStart', { count: people }))),
        running ? this.action(d('crowdStop'), () => set(0)) : ''));
  }

  async faults() {
    const found = await api.faults();
    if (this.current !== 'faults') return;
    const set = (values) => api.setFaults(values).then(() => this.show('faults'));
    const form = this.form(() => set(readFaults(form)),
      AMOUNTS.map((name) => number(name, d(`fault_${name}`), found[name], { min: 0, max: 60000, step: 'any' })),
      SHARES.map((name) => number(name, d(`fault_${name}`), perCent(found[name]), { min: 0, max: 100, step: 'any' })),
      text('methods', d('fault_methods'), { value: found.methods.join(' '), placeholder: 'sendMessage', maxLength: 400 }),
      number('seed', d('fault_seed'), found.seed, { min: 0, step: 1 }),
      SWITCHES.map((name) => check({ name, checked: found[name] }, d(`fault_${name}`))),
      h('button', { type: 'submit', class: 'filled' }, d('faultsApply')),
      this.action(d('faultsClear'), () => set(NO_FAULTS)));
    this.body.replaceChildren(form);
  }

  async clock() {
    const { offset_seconds: offset } = await api.clock();
    useClock(offset);
    if (this.current !== 'clock') return;
    let rest = Math.abs(offset);
    const fields = UNITS.map(([name, seconds]) => {
      const value = Math.floor(rest / seconds);
      rest -= value * seconds;
      return number(name, d(name), Math.sign(offset) * value || 0, { step: 1 });
    });
    const total = () => fields.reduce((sum, field, index) => sum + Number(field.lastChild.value) * UNITS[index][1], 0);
    const move = (seconds) => api.moveClock(seconds).then(() => this.show('clock'));
    this.body.replaceChildren(
      h('p', { class: 'drawer-note' }, d('clockNow', { now: fullMoment(now()) })),
      h('div', { class: 'drawer-row' }, LEAPS.map(([name, seconds]) => this.action(d(name), () => move(offset + seconds)))),
      this.form(() => move(total()),
        h('fieldset', { class: 'beside' }, h('legend', {}, d('clockOffset')), fields),
        h('button', { type: 'submit', class: 'filled' }, d('clockApply')),
        this.action(d('clockReset'), () => move(0))));
  }

  people() {
    const { people } = this.app.store.state;
    const person = this.form(() => api.addPerson(Object.fromEntries(new FormData(person))),
      text('first_name', d('firstName'), { required: true }),
      text('last_name', d('lastName')),
      text('role_label', d('role')),
      h('label', {}, h('span', {}, d('languageCode')),
        h('select', { name: 'language_code' }, LANGUAGES.map((code) => h('option', { value: code }, code)))),
      h('button', { type: 'submit', class: 'filled' }, d('addPerson')));
    const group = this.form(() => api.group(readGroup(group)),
      text('title', d('title'), { required: true }),
      check({ name: 'is_forum' }, t('topicsOn')),
      h('fieldset', {}, h('legend', {}, d('members')),
        people.map((one) => check({ name: 'member', value: one.id, checked: true }, fullName(one)))),
      h('button', { type: 'submit', class: 'filled' }, d('addGroup')));
    this.body.replaceChildren(person, h('hr'), group);
  }

  form(action, ...fields) {
    return h('form', { class: 'drawer-form', onsubmit: (event) => this.submit(event, action) }, ...fields);
  }

  action(label, run) {
    return h('button', { type: 'button', class: 'plain', onclick: (event) => this.submit(event, run) }, label);
  }

  async submit(event, action) {
    event.preventDefault();
    try {
      await action();
      this.app.notify(d('done'));
    } catch (error) {
      this.app.notify(t('failed', { reason: error.message }));
    }
  }
}

const perCent = (share) => Math.round(share * 1000) / 10;

function number(name, label, value, limits) {
  return h('label', {}, h('span', {}, label), h('input', { type: 'number', name, value, ...limits }));
}

const inSeconds = ({ answered, median_ms: median, p95_ms: p95 }) => ({ answered, median: seconds(median), p95: seconds(p95) });
const inMs = (ms) => new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 2 }).format(ms);
const seconds = (ms) => new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 2 }).format(ms / 1000);

function text(name, label, more = {}) {
  const input = h('input', { name, maxLength: 64, dir: 'auto', autocomplete: 'off', ...more });
  return h('label', {}, h('span', {}, label), input);
}

function check(input, label) {
  return h('label', { class: 'check' }, h('input', { type: 'checkbox', ...input }), h('span', { dir: 'auto' }, label));
}

function readFaults(form) {
  const { elements } = form;
  return Object.fromEntries([
    ...AMOUNTS.map((name) => [name, Number(elements[name].value)]),
    ...SHARES.map((name) => [name, Number(elements[name].value) / 100]),
    ...SWITCHES.map((name) => [name, elements[name].checked]),
    ['methods', elements.methods.value.split(/[\s,]+/).filter(Boolean)],
    ['seed', Number(elements.seed.value)],
  ]);
}

/** The first of those who are ticked creates the group and so owns it. */
function readGroup(form) {
  const data = new FormData(form);
  const [person, ...others] = data.getAll('member').map(Number);
  return { action: 'create', person, title: data.get('title'), member_ids: others, with_bot: true, is_forum: data.has('is_forum') };
}

function callEntry(call, open) {
  const at = new Date(call.at);
  const key = String(call.number);
  return h('details', { class: call.status >= 400 ? 'call failed' : 'call', data: { key }, open: open.has(key) },
    h('summary', {},
      h('time', { class: 'call-time', dateTime: call.at }, at.toLocaleTimeString('sv')),
      h('span', { class: 'call-name' }, call.method),
      h('span', { class: 'call-status' }, `${call.status} · ${inMs(call.ms)} ms`)),
    call.description ? h('p', { class: 'call-error' }, call.description) : null,
    h('pre', { tabIndex: 0 }, JSON.stringify({ params: call.params, result: call.result }, null, 2)));
}
