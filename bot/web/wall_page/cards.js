// Submissions: the newest first, as many as there is room for.

import { $, node } from './dom.js';

const calm = matchMedia('(prefers-reduced-motion: reduce)');

const FRESH_MS = 8000;

const cards = new Map(); // number to element, in the order to show

export function keepCards(newest, first) {
  const before = new Map(cards);
  cards.clear();
  for (const item of newest) {
    let card = before.get(item.number);
    if (!card) {
      card = newCard(item);
      if (!first) {
        card.classList.add('fresh');
        setTimeout(() => card.classList.remove('fresh'), FRESH_MS);
      }
    }
    fill(card, item);
    cards.set(item.number, card);
  }
}

function newCard(item) {
  const card = node('article', `card ${item.kind}`);
  const head = node('p', 'card-head');
  head.append(node('span', 'kind', item.label), node('span', 'number', String(item.number)));
  const text = node('p', 'card-text');
  text.dir = 'auto';
  card.append(head, text);
  return card;
}

// A moderator may correct the typing of what is shown already.
function fill(card, item) {
  const text = card.querySelector('.card-text');
  if (text.textContent === item.text) return;
  text.textContent = item.text;
  const length = [...item.text].length;
  card.dataset.size = length < 90 ? 'short' : length < 260 ? 'medium' : 'long';
}

export function fitCards(narrow) {
  const place = $('cards');
  const old = new Map();
  for (const card of place.querySelectorAll('.card')) old.set(card, card.getBoundingClientRect());
  if (narrow) {
    place.replaceChildren(...cards.values());
    for (const card of cards.values()) card.classList.remove('cut');
    return;
  }
  const columns = [node('div', 'column'), node('div', 'column')];
  place.replaceChildren(...columns);
  if (!place.clientHeight) return;
  const style = getComputedStyle(place);
  const room = place.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  const ends = columns.map(() => 0);
  let put = 0;
  for (const card of cards.values()) {
    card.classList.remove('cut');
    for (const index of ends[0] <= ends[1] ? [0, 1] : [1, 0]) {
      columns[index].append(card);
      const fits = columns[index].scrollHeight <= room + 1 || (put === 0 && cut(card, room));
      if (fits) { ends[index] = columns[index].scrollHeight; put += 1; break; }
      card.remove();
    }
  }
  place.classList.toggle('single', columns[1].childElementCount === 0);
  if (calm.matches || !old.size) return;
  for (const card of place.querySelectorAll('.card')) glide(card, old.get(card));
}

// The newest is shown in any case: of one that is longer than the screen is high, the beginning.
function cut(card, room) {
  const text = card.querySelector('.card-text');
  const around = card.offsetHeight - text.offsetHeight;
  const lines = Math.floor((room - around) / parseFloat(getComputedStyle(text).lineHeight));
  card.style.setProperty('--lines', Math.max(1, lines));
  card.classList.add('cut');
  return true;
}

function glide(card, from) {
  const to = card.getBoundingClientRect();
  if (!from) {
    card.animate([{ opacity: 0, transform: 'translateY(-1.2rem)' }, { opacity: 1, transform: 'none' }],
      { duration: 900, easing: 'cubic-bezier(.2,.7,.2,1)' });
  } else if (from.left !== to.left || from.top !== to.top) {
    card.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: 'none' }],
      { duration: 900, easing: 'cubic-bezier(.3,.7,.2,1)' });
  }
}
