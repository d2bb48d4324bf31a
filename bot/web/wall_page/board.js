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
  const bars = board.rows.flatMap((row) => row.bars);
  const figures = board.rows.some((row) => row.figure);
  $('board-title').classList.toggle('long', board.title.length > 70);
  $('board-rows').classList.toggle('plain', bars.length ? bars.every((bar) => !bar.label) : !figures);
  $('board-rows').classList.toggle('sole', bars.length === 0 && figures);
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

const LEAST = { plain: .5, cards: .85 };

// A list is shown whole, in smaller letters if need be. Of what has bars with names, two are better than one in larger
// letters; then as many as there is room for. The first is cut rather than left out.
export function fitBoard(narrow) {
  const list = $('board-rows');
  list.style.removeProperty('--fit');
  const rows = [...list.children];
  for (const row of rows) row.hidden = false;
  if (narrow || !list.clientHeight || list.classList.contains('sole')) return;
  const plain = list.classList.contains('plain');
  const wanted = plain ? rows.length : Math.min(2, rows.length);
  let scale = 1;
  while (putIn(list, rows) < wanted && scale > (plain ? LEAST.plain : LEAST.cards)) {
    scale -= .05;
    list.style.setProperty('--fit', scale);
  }
  if (!plain && putIn(list, rows) < wanted) list.style.removeProperty('--fit');
  putIn(list, rows);
}

function putIn(list, rows) {
  for (const row of rows) row.hidden = false;
  let shown = rows.length;
  while (shown > 1 && list.scrollHeight > list.clientHeight + 1) rows[--shown].hidden = true;
  return shown;
}
