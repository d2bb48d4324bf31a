import { h, icon } from './dom.js';
import { t } from './i18n.js';

let openPopup = null;

export function closePopup(returnFocus = true) {
  if (!openPopup) return false;
  const { node, anchor } = openPopup;
  openPopup = null;
  node.remove();
  anchor.setAttribute('aria-expanded', 'false');
  if (returnFocus) anchor.focus({ preventScroll: true });
  return true;
}

document.addEventListener('pointerdown', (event) => {
  if (openPopup && !openPopup.node.contains(event.target) && !openPopup.anchor.contains(event.target)) closePopup(false);
});

/**
 * A menu beside the button that opened it, or at a point; the same button closes it.
 * Entries: `{label, detail, icon, lead (a node), current, danger, run}`. `head` goes above them: its buttons are part
 * of the menu, those with `data-closes` close it.
 */
export function menu(anchor, entries, { label, className = '', head = null, at = null }) {
  if (openPopup?.anchor === anchor) return closePopup();
  closePopup(false);
  const rows = entries.map((entry) =>
    h('button', {
      type: 'button',
      class: entry.danger ? 'menu-item danger' : 'menu-item',
      role: entry.current === undefined ? 'menuitem' : 'menuitemradio',
      'aria-checked': entry.current === undefined ? null : String(entry.current),
      tabIndex: -1,
      onclick: () => {
        closePopup();
        entry.run();
      },
    }, entry.lead || (entry.icon && icon(entry.icon)) || null,
    h('span', { class: 'menu-text' },
      h('span', { class: 'menu-label', dir: 'auto' }, entry.label),
      entry.detail ? h('span', { class: 'menu-detail', dir: 'auto' }, entry.detail) : null),
    entry.badge ? h('span', { class: 'badge' }, String(entry.badge)) : null));
  const node = h('div', { class: `menu ${className}`, role: 'menu', 'aria-label': label }, head || [], rows);
  node.addEventListener('click', (event) => event.target.closest('[data-closes]') && closePopup());
  node.addEventListener('keydown', (event) => {
    const items = [...node.querySelectorAll('button')].filter((item) => item.checkVisibility());
    const now = items.indexOf(document.activeElement);
    // Along a row of emoji one goes sideways; up and down lead out of it.
    const inHead = head?.contains(document.activeElement);
    const below = inHead ? Math.max(items.indexOf(rows[0]), now) : now + 1;
    const above = inHead || now <= 0 ? items.length - 1 : head && items[now] === rows[0] ? 0 : now - 1;
    const goes = {
      ArrowDown: below, ArrowUp: above, ArrowRight: now + 1, ArrowLeft: now - 1 + items.length, Home: 0, End: items.length - 1,
    }[event.key];
    if (goes !== undefined) {
      event.preventDefault();
      items[goes % items.length].focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.stopPropagation();
      if (event.key === 'Escape') event.preventDefault();
      closePopup();
    }
  });
  document.body.append(node);
  place(node, at ? new DOMRect(at.x, at.y, 0, 0) : anchor.getBoundingClientRect());
  anchor.setAttribute('aria-expanded', 'true');
  openPopup = { node, anchor };
  (rows.find((item) => item.getAttribute('aria-checked') === 'true') || rows[0])?.focus({ preventScroll: true });
  return node;
}

/** A menu that has grown moves up as far as it must to stay inside the window. */
export function keepInside(node) {
  const lowest = window.innerHeight - node.offsetHeight - 6;
  node.style.top = `${Math.max(6, Math.min(parseFloat(node.style.top), lowest))}px`;
}

/** Below a box if there is room, above it if not, and always inside the window. */
function place(node, from) {
  const gap = 6;
  const below = window.innerHeight - from.bottom - gap * 2;
  const above = from.top - gap * 2;
  const upward = below < node.offsetHeight && above > below;
  node.style.maxHeight = `${Math.max(upward ? above : below, 120)}px`;
  const height = Math.min(node.offsetHeight, upward ? above : below);
  const left = Math.min(Math.max(gap, from.left), window.innerWidth - node.offsetWidth - gap);
  node.style.left = `${Math.max(gap, left)}px`;
  node.style.top = `${upward ? from.top - gap - height : from.bottom + gap}px`;
}

/**
 * A modal question; resolves to the form's answer, or null when it is closed.
 * `body` nodes go between the text and the buttons; `read` turns them into the answer.
 */
export function ask({ title, text, body = [], confirm, danger = false, read = () => true, className = '' }) {
  return new Promise((resolve) => {
    let answer = null;
    const id = `ask-${Math.random().toString(36).slice(2)}`;
    const dialog = h('dialog', { class: `ask ${className}`, 'aria-labelledby': id },
      h('form', {
        method: 'dialog',
        onsubmit: () => {
          answer = read();
        },
      },
      h('h2', { id, dir: 'auto' }, title),
      text ? h('p', { dir: 'auto' }, text) : null,
      body,
      h('div', { class: 'ask-buttons' },
        h('button', { type: 'button', class: 'plain', onclick: () => dialog.close() }, t('cancel')),
        h('button', { type: 'submit', class: danger ? 'filled danger' : 'filled' }, confirm))),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A photo over the whole window; any click or Escape closes it. */
export function showPhoto(url, caption) {
  const dialog = h('dialog', { class: 'viewer', 'aria-label': caption || t('photo'), onclick: () => dialog.close() },
    h('img', { src: url, alt: caption || t('photo') }),
    h('button', { type: 'button', class: 'round viewer-close', 'aria-label': t('close') }, icon('close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const TOAST_MS = 3500;

/** A short notice inside one phone (or the window); longer texts stay longer. */
export function toast(host, text) {
  host.querySelector(':scope > .toast')?.remove();
  const node = h('div', { class: 'toast', role: 'status', dir: 'auto' }, text);
  host.append(node);
  setTimeout(() => node.remove(), TOAST_MS + text.length * 25);
}

/** The alert of a callback answer: it belongs to one phone, so the other phones in the window stay usable. */
export function alertIn(host, title, text) {
  const before = document.activeElement;
  const id = `alert-${Math.random().toString(36).slice(2)}`;
  const close = () => {
    node.remove();
    if (before?.isConnected) before.focus();
  };
  const ok = h('button', { type: 'button', class: 'filled', onclick: close }, t('alertOk'));
  const node = h('div', {
    class: 'alert-shade',
    onkeydown: (event) => {
      if (event.key === 'Tab') event.preventDefault();
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
    },
  }, h('div', { class: 'alert', role: 'alertdialog', 'aria-label': title, 'aria-describedby': id },
    h('p', { id, dir: 'auto' }, text), ok));
  host.append(node);
  ok.focus();
}
