import { avatar, fullName, h, roleOf } from './dom.js';
import { t } from './i18n.js';

/** Everybody at the side of a wide window with one phone; the present person and the unread messages are marked. */
export class Rail {
  constructor(app) {
    this.app = app;
    this.el = h('nav', { class: 'rail', 'aria-label': t('people') });
  }

  draw() {
    const [pane] = this.app.panes;
    if (!pane) return;
    const { store } = this.app;
    const { people, groups } = store.state;
    const inGroup = groups.some(({ id }) => id === pane.chatId);
    const focused = this.el.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    this.el.replaceChildren(
      ...people.map((person) => entry(person.id, fullName(person), roleOf(person), {
        unread: store.unread(person.id),
        current: person.id === pane.viewer && !inGroup,
        run: () => pane.setViewer(person.id),
      })),
      ...groups.map((group) => entry(group.id, group.title, t('group'), {
        kind: 'group',
        current: group.id === pane.chatId,
        run: () => pane.openGroup(group),
      })));
    if (focused) this.el.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}

function entry(id, name, role, { kind = '', unread = 0, current, run }) {
  const label = [name, role, unread ? t('unread', { count: unread }) : ''].filter(Boolean).join(', ');
  return h('button', {
    type: 'button',
    class: 'rail-item',
    data: { id },
    title: role ? `${name} · ${role}` : name,
    'aria-label': label,
    'aria-current': current ? 'true' : null,
    onclick: run,
  },
  h('span', { class: 'rail-face' }, avatar(id, name, kind), unread ? h('span', { class: 'badge' }, String(unread)) : null),
  h('span', { class: 'rail-name', dir: 'auto' }, name),
  h('span', { class: 'rail-role', dir: 'auto' }, role));
}
