// Boards: rows of bars. A row that stays keeps its element, so that its bars move to their new lengths.

import { $, node, say } from './dom.js';

const kept = new Map(); // what a row is about, to its element

export function showBoard(board) {
  document.body.dataset.board = Boolean(board);
  if (!board) return;
  say('board-title', board.title);
  say('board-hint', board.hint);
  say('board-empty', board.empty);
  $('board-empty').hidden = board.rows.length > 0;
  $('board-hint').hidden = board.rows.length === 0;
  $('board-legend').replaceChildren(...(board.rows.length ? board.legend : []).map(([tone, name]) => {
    const item = node('li', '', name);
    item.dataset.tone = tone;
    return item;
  }));
  const rows = board.rows.map((row) => {
    const key = `${row.label}|${row.text}`;
    const element = kept.get(key) ?? newRow();
    fill(element, row);
    return [key, element];
  });
  kept.clear();
  for (const [key, element] of rows) kept.set(key, element);
  $('board-rows').replaceChildren(...kept.values());
  $('board-rows').classList.toggle('plain', board.rows.every((row) => row.bars.length <= 1 && !row.figure));
}

function newRow() {
  const element = node('li', 'row');
  const text = node('p', 'row-text');
  text.dir = 'auto';
  element.append(node('p', 'row-label'), text, node('p', 'row-figure'), node('ul', 'bars'), node('p', 'row-note'));
  return element;
}

function fill(element, row) {
  const [label, text, figure, bars, note] = element.children;
  for (const [place, value] of [[label, row.label], [text, row.text], [figure, row.figure], [note, row.note]]) {
    if (place.textContent !== value) place.textContent = value;
    place.hidden = !value;
  }
  row.bars.forEach((bar, index) => fillBar(bars.children[index] ?? bars.appendChild(newBar()), bar));
  while (bars.children.length > row.bars.length) bars.lastChild.remove();
  bars.classList.toggle('single', row.bars.length === 1 && !row.bars[0].label);
}

function newBar() {
  const element = node('li', 'measure');
  const name = node('span', 'measure-name');
  name.dir = 'auto';
  const line = node('span', 'measure-bar');
  line.ariaHidden = 'true';
  element.append(name, node('b', 'measure-figure'), line);
  return element;
}

function fillBar(element, bar) {
  const [name, figure, line] = element.children;
  name.textContent = bar.label;
  name.hidden = !bar.label;
  figure.textContent = bar.figure;
  bar.parts.forEach(([share, tone], index) => {
    const part = line.children[index] ?? line.appendChild(node('i', ''));
    part.dataset.tone = tone;
    part.style.inlineSize = `${100 * share}%`;
  });
  while (line.children.length > bar.parts.length) line.lastChild.remove();
}

// As many rows as there is room for; the first is cut rather than left out.
export function fitBoard(narrow) {
  const list = $('board-rows');
  const rows = [...list.children];
  for (const row of rows) row.hidden = false;
  if (narrow || !list.clientHeight) return;
  for (const row of rows.slice(1).reverse()) {
    if (list.scrollHeight <= list.clientHeight + 1) break;
    row.hidden = true;
  }
}
