import { address, api } from './api.js';
import { fullName, h, iconButton } from './dom.js';
import { d, fullMoment, t, useClock } from './i18n.js';

const UNITS = [['days', 86400], ['hours', 3600], ['minutes', 60]];
const SHOWN_CALLS = 100;
const AMOUNTS = ['latency_ms', 'jitter_ms'];
/** Shares of calls: from 0 to 1 for the server, per cent on screen. */
const SHARES = ['reset_rate', 'bad_gateway_rate', 'timeout_rate', 'duplicate_rate'];
const LIMITS = ['limit_overall', 'limit_chat', 'limit_group'];

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
    const log = await api.log(SHOWN_CALLS);
    if (this.current !== 'calls') return;
    const open = new Set([...this.body.querySelectorAll('details[open]')].map((node) => node.dataset.key));
    this.body.replaceChildren(
      h('div', { class: 'drawer-row' },
        h('button', { type: 'button', class: 'plain', onclick: () => this.show('calls') }, d('refresh')),
        h('a', { class: 'plain', href: address('log?download=1&limit=100000'), download: 'calls.json' }, d('downloadLog'))),
      log.length ? h('div', { class: 'calls' }, log.reverse().map((call) => callEntry(call, open)))
        : h('p', { class: 'drawer-note' }, d('noCalls')));
  }

  async faults() {
    const found = await api.faults();
    if (this.current !== 'faults') return;
    const number = (name, value, max) => h('label', {}, h('span', {}, d(`fault_${name}`)),
      h('input', { type: 'number', name, min: 0, max, step: 'any', value }));
    const form = h('form', { class: 'drawer-form', onsubmit: (event) => this.submit(event, () => api.setFaults(readFaults(form))) },
      AMOUNTS.map((name) => number(name, found[name], 60000)),
      SHARES.map((name) => number(name, Math.round(found[name] * 1000) / 10, 100)),
      LIMITS.map((name) => h('label', { class: 'check' }, h('input', { type: 'checkbox', name, checked: found[name] }), h('span', {}, d(`fault_${name}`)))),
      h('div', { class: 'drawer-row end' },
        h('button', { type: 'submit', class: 'filled' }, d('faultsApply')),
        h('button', { type: 'button', class: 'plain', onclick: (event) => this.submit(event, () => api.setFaults(noFaults()).then(() => this.show('faults'))) }, d('faultsClear'))));
    this.body.replaceChildren(form);
  }

  async clock() {
    const { offset_seconds: offset } = await api.clock();
    useClock(offset);
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
    }, text('first_name', d('firstName'), true), text('last_name', d('lastName')), text('role_label', d('role')),
    h('label', {}, h('span', {}, d('languageCode')), h('select', { name: 'language_code' }, h('option', { value: 'id' }, 'id'), h('option', { value: 'en' }, 'en'))),
    h('button', { type: 'submit', class: 'filled' }, d('addPerson')));
    const group = h('form', {
      class: 'drawer-form',
      onsubmit: (event) => this.submit(event, () => {
        const data = new FormData(group);
        const [creator, ...others] = data.getAll('member').map(Number);
        return api.group({ action: 'create', person: creator, title: data.get('title'), member_ids: others, with_bot: true });
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

function readFaults(form) {
  const share = (name) => Number(form.elements[name].value) / 100;
  return {
    ...Object.fromEntries(AMOUNTS.map((name) => [name, Number(form.elements[name].value)])),
    ...Object.fromEntries(SHARES.map((name) => [name, share(name)])),
    ...Object.fromEntries(LIMITS.map((name) => [name, form.elements[name].checked])),
  };
}

function noFaults() {
  return Object.fromEntries([...AMOUNTS, ...SHARES].map((name) => [name, 0]).concat(LIMITS.map((name) => [name, false])));
}

function callEntry(call, open) {
  const at = new Date(call.at);
  const key = String(call.number);
  return h('details', { class: call.status >= 400 ? 'call failed' : 'call', data: { key }, open: open.has(key) },
    h('summary', {},
      h('time', { class: 'call-time', dateTime: call.at }, at.toLocaleTimeString('sv')),
      h('span', { class: 'call-name' }, call.method),
      h('span', { class: 'call-status' }, `${call.status} · ${call.ms} ms`)),
    call.description ? h('p', { class: 'call-error' }, call.description) : null,
    h('pre', { tabIndex: 0 }, JSON.stringify({ params: call.params, result: call.result }, null, 2)));
}
