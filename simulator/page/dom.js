/**
 * Builds elements. Every child that is not a node becomes a text node, so nothing that people typed is ever
 * read as markup; the one exception is `html`, for the simulator's own sanitised rendering of a message.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else if (name === 'html') node.innerHTML = value;
    else if (name === 'data') Object.assign(node.dataset, value);
    else if (name in node && !name.startsWith('aria')) node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Replaces what is in `node`, leaving out children that are null or false. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

const SVG = 'http://www.w3.org/2000/svg';

/** Strokes on a 24 × 24 grid. */
const STROKES = {
  attach: 'M8 12.500l6.500-6.500a3.200 3.200 0 0 1 4.500 4.500l-8.300 8.300a5 5 0 0 1-7.100-7.100L11.500 3.800',
  back: 'M15 5l-7 7 7 7',
  block: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.700 5.700l12.600 12.600',
  check: 'M4 12.500l4.500 4.500L18 7',
  checks: 'M2 12.500l4.500 4.500L16 7M12 16.500l.5.500L22 7',
  close: 'M6 6l12 12M18 6L6 18',
  contact: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.8-3.800 3.800-6 7.500-6s6.700 2.200 7.500 6',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  bin: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5',
  edit: 'M4 20l1-4.500L16 4.500a2.100 2.100 0 0 1 3 3L8.500 19zM14 6.500l3 3',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  topics: 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12.500h5',
  dark: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  document: 'M6 3h8l5 5v13H6zM14 3v5h5M9 13h6M9 17h6',
  down: 'M5 9l7 7 7-7',
  gear: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  group: 'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19c.6-3.300 3.200-5 6.500-5s5.900 1.700 6.500 5M16 5a3.200 3.200 0 0 1 0 6.300M18 14.300c1.900.7 3.100 2.300 3.500 4.700',
  guide: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.300A2.600 2.600 0 0 1 12 7.500c1.500 0 2.600 1 2.600 2.300 0 1.900-2.600 2-2.600 4M12 17v.1',
  keyboard: 'M3 6h18v12H3zM7 10h.1M11 10h.1M15 10h.1M7 14h10',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400',
  link: 'M14 4h6v6M20 4l-9 9M17 14v6H4V7h6',
  location: 'M12 21s7-6.200 7-11.500a7 7 0 0 0-14 0C5 14.800 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M12 5.500v.1M12 12v.1M12 18.500v.1',
  one: 'M7 3h10v18H7z',
  photo: 'M3 5h18v14H3zM3 16l5-5 5 5 3-3 5 5M15.500 9.500h.1',
  plus: 'M12 5v14M5 12h14',
  reply: 'M9 6L4 11l5 5M4 11h9c4 0 7 2.500 7 7',
  reset: 'M4 12a8 8 0 1 0 2.600-5.900M4 4v4.500h4.500',
  film: 'M4 5h16v14H4zM10 9l5 3-5 3z',
  sound: 'M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z',
  send: 'M5 12L3.500 4.500 21 12 3.500 19.500zM5 12h8',
  two: 'M3 4h8v16H3zM13 4h8v16h-8z',
  four: 'M2 5h4v14H2zM7.300 5h4v14h-4zM12.700 5h4v14h-4zM18 5h4v14h-4z',
};

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon', `icon-${name}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', STROKES[name]);
  svg.append(path);
  return svg;
}

/** A round button that shows only an icon; `label` is what a screen reader says and the pointer's tooltip. */
export function iconButton(name, label, onclick, extra = {}) {
  return h('button', { type: 'button', class: 'round', title: label, 'aria-label': label, onclick, ...extra }, icon(name));
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const graphemes = (text) => Array.from(GRAPHEMES.segment(text), (part) => part.segment);

/** The first letter of the first and of the last word; an emoji or a joined letter counts as one. */
export function initials(name) {
  const words = String(name || '?').trim().split(/\s+/).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  if (!words.length) return '?';
  const first = (word) => graphemes(word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, ''))[0];
  const letters = words.length === 1 ? [first(words[0])] : [first(words[0]), first(words[words.length - 1])];
  return letters.join('').toLocaleUpperCase();
}

/** With a finger, focus in a text field brings up a keyboard over half the chat. */
export const hasMouse = matchMedia('(hover: hover) and (pointer: fine)');

const HUES = 8;

/** The class of the colour that belongs to this person or group everywhere. */
export const hueOf = (id) => `hue-${Math.abs(Number(id) || 0) % HUES}`;

export function avatar(id, name, kind = '') {
  return h('span', { class: `avatar ${hueOf(id)} ${kind}`, 'aria-hidden': 'true' }, initials(name));
}

/** The role as a label of its own: with a capital letter. */
export const roleOf = ({ role_label: label }) => (label ? label[0].toLocaleUpperCase() + label.slice(1) : '');

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(' ') || person.name;
