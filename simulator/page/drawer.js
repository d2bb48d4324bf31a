import { address, api } from './api.js';
import { fullName, h, iconButton } from './dom.js';
import { clockTime, d, fullMoment, t } from './i18n.js';

const UNITS = [['days', 86400], ['hours', 3600], ['minutes', 60]];
const SHOWN_CALLS = 200;

/** The engineers' side: what the bot called, what goes wrong on purpose, what time it is, who is there. */
export class Drawer {
  constructor(app) {
    this.app = app;
    this.body = h('div', { class: 'drawer-body' });
    this.tabs = ['calls', 'faults', 'clock', 'people'].map((name) => h('button', {
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
    const log = await api.log();
    if (this.current !== 'calls') return;
    const open = new Set([...this.body.querySelectorAll('details[open]')].map((node) => node.dataset.key));
    const shown = log.slice(-SHOWN_CALLS).reverse();
    this.body.replaceChildren(
      h('div', { class: 'drawer-row' },
        h('button', { type: 'button', class: 'plain', onclick: () => this.show('calls') }, d('refresh')),
        h('a', { class: 'plain', href: address('log'), download: 'telegram-calls.json' }, d('downloadLog'))),
      shown.length ? h('div', { class: 'calls' }, shown.map((call, index) => callEntry(call, String(log.length - index), open)))
        : h('p', { class: 'drawer-note' }, d('noCalls')));
  }

  faults() {
    const field = (name, label) => h('label', {}, h('span', {}, label), h('input', { type: 'number', name, min: 0, step: 10, value: this.faultValues?.[name] ?? 0 }));
    const form = h('form', { class: 'drawer-form', onsubmit: (event) => this.submit(event, () => api.faults(this.readFaults(form))) },
      field('latency_ms', d('latency')), field('jitter_ms', d('jitter')),
      h('button', { type: 'submit', class: 'filled' }, d('faultsApply')));
    this.body.replaceChildren(form);
  }

  readFaults(form) {
    this.faultValues = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, Number(value)]));
    return this.faultValues;
  }

  async clock() {
    const { offset_seconds: offset = 0 } = await api.clock();
    if (this.current !== 'clock') return;
    let rest = Math.abs(offset);
    const inputs = UNITS.map(([name, seconds]) => {
      const value = Math.floor(rest / seconds);
      rest -= value * seconds;
      return h('label', {}, h('span', {}, d(name)), h('input', { type: 'number', name, step: 1, value: Math.sign(offset) * value || 0 }));
    });
    const total = () => inputs.reduce((sum, label, index) => sum + Number(label.lastChild.value) * UNITS[index][1], 0);
    this.body.replaceChildren(
      h('p', { class: 'drawer-note' }, d('clockNow', { now: fullMoment(Date.now() / 1000 + offset) })),
      h('form', { class: 'drawer-form', onsubmit: (event) => this.submit(event, () => api.moveClock(total()).then(() => this.show('clock'))) },
        h('fieldset', {}, h('legend', {}, d('clockOffset')), inputs),
        h('button', { type: 'submit', class: 'filled' }, d('clockApply')),
        h('button', { type: 'button', class: 'plain', onclick: (event) => this.submit(event, () => api.moveClock(0).then(() => this.show('clock'))) }, d('clockReset'))));
  }

  people() {
    const { people } = this.app.store.state;
    const text = (name, label, required = false) => h('label', {}, h('span', {}, label), h('input', { name, required, maxLength: 64, dir: 'auto', autocomplete: 'off' }));
    const person = h('form', {
      class: 'drawer-form',
      onsubmit: (event) => this.submit(event, () => api.addPerson(Object.fromEntries(new FormData(person)))),
    }, text('first_name', d('firstName'), true), text('last_name', d('lastName')),
    h('label', {}, h('span', {}, d('languageCode')), h('select', { name: 'language_code' }, h('option', { value: 'id' }, 'id'), h('option', { value: 'en' }, 'en'))),
    h('button', { type: 'submit', class: 'filled' }, d('addPerson')));
    const group = h('form', {
      class: 'drawer-form',
      onsubmit: (event) => this.submit(event, () => {
        const data = new FormData(group);
        return api.addGroup({ title: data.get('title'), member_ids: data.getAll('member').map(Number) });
      }),
    }, text('title', d('title'), true),
    h('fieldset', {}, h('legend', {}, d('members')), people.map((one) => h('label', { class: 'check' },
      h('input', { type: 'checkbox', name: 'member', value: one.id, checked: true }), h('span', { dir: 'auto' }, fullName(one))))),
    h('button', { type: 'submit', class: 'filled' }, d('addGroup')));
    this.body.replaceChildren(person, h('hr'), group);
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

function callEntry(call, key, open) {
  const failed = call.ok === false || (call.status && call.status >= 400);
  return h('details', { class: failed ? 'call failed' : 'call', data: { key }, open: open.has(key) },
    h('summary', {},
      h('span', { class: 'call-time' }, call.time ? `${clockTime(call.time)}:${String(new Date(call.time * 1000).getSeconds()).padStart(2, '0')}` : ''),
      h('span', { class: 'call-name' }, call.method || '?'),
      h('span', { class: 'call-status' }, call.error_code || call.status || '')),
    h('pre', { tabIndex: 0 }, JSON.stringify(call, null, 2)));
}
