import { h, icon, iconButton } from './dom.js';
import { t } from './i18n.js';
import { menu } from './popups.js';

const LAYOUT_ICONS = { 1: 'one', 2: 'two', 4: 'four' };

/** What concerns the whole window: buttons on a wide one, a menu on a phone. */
export class Toolbar {
  constructor(app) {
    this.app = app;
    this.el = h('div', { class: 'tools' });
  }

  list() {
    const dark = this.app.isDark();
    return [
      { icon: dark ? 'light' : 'dark', label: dark ? t('themeLight') : t('themeDark'), run: () => this.app.toggleTheme() },
      { text: t('languageShort'), label: t('language'), run: () => this.app.toggleLanguage() },
      { icon: 'guide', label: t('guide'), run: () => this.app.guide.open() },
      { icon: 'gear', label: t('engineers'), run: () => this.app.drawer.toggle() },
      { icon: 'reset', label: t('reset'), run: () => this.app.reset() },
    ];
  }

  draw() {
    const focused = this.el.contains(document.activeElement) ? document.activeElement.dataset.tool : null;
    const more = iconButton('more', t('tools'), (event) => this.openMenu(event.currentTarget), {
      class: 'round tools-more', 'aria-haspopup': 'menu', data: { tool: 'more' },
    });
    this.el.replaceChildren(...this.segments(), ...this.list().map(button), more);
    if (focused) this.focus(focused);
  }

  /** The choice of how many phones, where the window has room for more than one. */
  segments() {
    const layouts = this.app.layouts();
    if (layouts.length < 2) return [];
    const shown = Number(this.app.root.dataset.panes);
    return [h('div', { class: 'segments', role: 'group', 'aria-label': t('layout') }, layouts.map((count) =>
      iconButton(LAYOUT_ICONS[count], t(`layout${count}`), () => this.app.setLayout(count), {
        class: 'segment', 'aria-pressed': String(count === shown), data: { tool: LAYOUT_ICONS[count] },
      })))];
  }

  openMenu(anchor) {
    const entries = this.list().map((tool) => (tool.icon ? tool : { ...tool, lead: h('b', { class: 'icon' }, tool.text) }));
    menu(anchor, entries, { label: t('tools') });
  }

  focus(name) {
    this.el.querySelector(`[data-tool="${name}"]`)?.focus();
  }
}

function button(tool) {
  return h('button', {
    type: 'button',
    class: 'round tool',
    title: tool.label,
    'aria-label': tool.label,
    data: { tool: tool.icon || 'language' },
    onclick: tool.run,
  }, tool.icon ? icon(tool.icon) : h('b', {}, tool.text));
}
