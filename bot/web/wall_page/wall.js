// The wall: shows what the events tell, keeps time by the clock of the bot's computer, and fits what is shown to the screen.

import { $, node, say } from './dom.js';
import { fitBoard, showBoard } from './board.js';
import { fitCards, keepCards } from './cards.js';

const words = $('words').dataset;
const lang = document.documentElement.lang;
const narrow = matchMedia('(max-width: 820px), (max-aspect-ratio: 1/1)');

const SILENCE_MS = 40000; // the server speaks every 15 s
const PATIENCE_MS = 3000; // a line that is back at once is not worth a word

let shown = null; // what the last event told
let ahead = 0; // milliseconds by which the bot's clock is ahead of this computer's
let heardAt = 0;
let source = null;
let retry = 0;
let lostSince = 0;

const now = () => Date.now() + ahead;

// The line

function listen() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource(`${location.pathname}/events?lang=${lang}`);
  source.addEventListener('beat', (event) => {
    heard();
    ahead = JSON.parse(event.data).now - Date.now();
    tick();
  });
  source.addEventListener('show', (event) => {
    heard();
    show(JSON.parse(event.data));
  });
  source.addEventListener('gone', () => location.reload());
  source.addEventListener('error', () => {
    lostSince ||= Date.now();
    // Where the server answered with an error, the browser gives up; we do not.
    if (source.readyState === EventSource.CLOSED) again();
  });
}

function heard() {
  heardAt = Date.now();
  lostSince = 0;
  $('lost').hidden = true;
}

function again() {
  clearTimeout(retry);
  retry = setTimeout(async () => {
    try {
      const answer = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' });
      if (answer.status === 404) { location.reload(); return; }
      if (answer.ok) { listen(); return; }
    } catch { /* still no network */ }
    again();
  }, 2000 + Math.random() * 3000);
}

function watchLine() {
  if (heardAt && Date.now() - heardAt > SILENCE_MS) {
    lostSince ||= Date.now();
    heardAt = Date.now();
    source.close();
    again();
  }
  if (lostSince && Date.now() - lostSince > PATIENCE_MS) {
    if ($('lost').hidden) say('lost-at', shown ? clockText(lostSince + ahead) : '');
    $('lost').hidden = false;
  }
}

// Time

let clockFormat = null;

function clockText(moment) {
  return shown ? `${clockFormat.format(moment)} ${shown.zone}` : '';
}

function duration(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

const DAY_MS = 86400000;

function tick() {
  watchLine();
  if (!shown) return;
  const moment = now();
  say('clock', clockFormat.format(moment));
  const running = shown.agenda.filter((item) => item.start <= moment && moment < item.end);
  const coming = shown.agenda.filter((item) => item.start > moment);
  const current = running[running.length - 1];
  const next = coming[0];
  const over = !current && !next && shown.agenda.length > 0;

  document.body.dataset.phase = current ? 'on' : over ? 'over' : next ? 'waiting' : 'unknown';
  if (current) {
    say('now-text', words.now);
    say('now-title', running.map((item) => item.title).join(' · '));
    say('speaker', [current.speaker, current.position].filter(Boolean).join(' · '));
    say('time-left', duration(current.end - moment));
    say('time-word', words.left);
    const share = (moment - current.start) / (current.end - current.start);
    $('progress').style.transform = `scaleX(${Math.min(1, Math.max(0, share))})`;
  } else if (next) {
    const far = next.start - moment > DAY_MS;
    document.body.dataset.far = far;
    say('now-text', words.next);
    say('now-title', next.title);
    say('speaker', far ? next.day : [next.speaker, next.position].filter(Boolean).join(' · '));
    say('time-left', far ? next.time : duration(next.start - moment));
    say('time-word', far ? shown.zone : words.startsIn);
  } else {
    say('now-text', '');
    say('now-title', over ? words.over : '');
    say('speaker', '');
    say('time-left', '');
    say('time-word', '');
  }
  // Before anything is on, what comes next is the large text already.
  const after = current ? next : null;
  $('upcoming').hidden = !after;
  if (after) {
    say('next-time', after.time);
    say('next-title', after.title);
  }

  const mark = `${running.map((item) => item.start)}|${next?.start}|${over}`;
  if (mark !== tick.mark) {
    tick.mark = mark;
    markItems(moment, next);
    choose(moment, over);
  }
}

// What is shown

function choose(moment, over) {
  let scene = shown.board ? 'board' : shown.view;
  if (scene === 'auto') {
    if (shown.state === 'closed' || over) scene = 'agenda';
    else if (shown.topics.length) scene = 'submissions';
    else scene = moment < shown.start || !shown.agenda.length ? 'join' : 'agenda';
  }
  document.body.dataset.closed = shown.state === 'closed';
  if (document.body.dataset.scene !== scene) {
    document.body.dataset.scene = scene;
    scrollTo(0, 0);
  }
  fit();
}

function show(data) {
  const first = shown === null;
  shown = data;
  clockFormat = new Intl.DateTimeFormat(lang === 'id' ? 'id-ID' : 'en-GB', {
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: data.timezone,
  });
  document.title = data.title;
  for (const name of ['office', 'title', 'theme', 'zone', 'when', 'where']) say(name, data[name]);
  say('registered', String(data.registered.count));
  say('registered-label', data.registered.label);
  say('published', String(data.published.count));
  say('published-label', data.published.label);
  $('count').hidden = data.published.count === 0;
  const topic = data.topics[0];
  say('talk-label', topic ? words.session : data.office);
  say('topic', topic ? topic.topic : words.closedSession);
  say('prompt', topic ? topic.prompt : '');
  document.body.dataset.talking = Boolean(topic);
  document.body.dataset.quiet = data.newest.length === 0;
  $('none-yet').hidden = data.newest.length > 0 || !topic;
  showSectors(data.sectors);
  showItems(data.agenda);
  keepCards(data.newest, first);
  showBoard(data.board);
  tick.mark = '';
  tick();
}

function showSectors(sectors) {
  const most = Math.max(1, ...sectors.map((sector) => sector.count));
  const list = $('sectors');
  list.style.setProperty('--rows', Math.ceil(sectors.length / 2));
  sectors.forEach((sector, place) => {
    const row = list.children[place] ?? list.appendChild(sectorRow());
    const [name, bar, count] = row.children;
    name.textContent = sector.name;
    bar.firstChild.style.transform = `scaleX(${sector.count / most})`;
    count.textContent = sector.count;
    row.classList.toggle('nobody', sector.count === 0);
  });
  while (list.children.length > sectors.length) list.lastChild.remove();
}

function sectorRow() {
  const row = node('li', 'sector');
  const name = node('span', 'sector-name');
  name.dir = 'auto';
  const bar = node('span', 'bar');
  bar.ariaHidden = 'true';
  bar.append(node('i', ''));
  row.append(name, bar, node('b', 'sector-count'));
  return row;
}

function showItems(agenda) {
  const days = new Set(agenda.map((item) => item.day));
  const rows = [];
  let day = '';
  for (const item of agenda) {
    if (days.size > 1 && item.day !== day) rows.push(node('li', 'day', item.day));
    day = item.day;
    const row = node('li', 'item');
    row.dataset.start = item.start;
    row.dataset.end = item.end;
    const title = node('span', 'item-title', item.title);
    title.dir = 'auto';
    row.append(node('time', '', item.time), title);
    rows.push(row);
  }
  $('items').replaceChildren(...rows);
  $('no-agenda').hidden = agenda.length > 0;
}

function markItems(moment, next) {
  for (const row of $('items').children) {
    if (!row.dataset.start) continue;
    const { start, end } = row.dataset;
    const phase = end <= moment ? 'past' : start <= moment ? 'on' : next && Number(start) === next.start ? 'next' : 'later';
    row.className = `item ${phase}`;
    if (phase === 'on') row.ariaCurrent = 'step'; else row.removeAttribute('aria-current');
  }
}

function fit() {
  const scene = document.body.dataset.scene;
  shrink(document.querySelector('.now'), ['#current', '#upcoming']);
  shrink(document.querySelector('.people'), ['.total', '.sectors']);
  fitItems(scene === 'agenda');
  fitCards(narrow.matches);
  fitBoard(narrow.matches);
}

// Smaller letters where the words would not fit in their place.
function shrink(box, parts) {
  box.style.removeProperty('--fit');
  if (narrow.matches || !box.clientHeight) return;
  const gap = parseFloat(getComputedStyle(box).rowGap) || 0;
  const needed = () => parts.reduce((sum, part) => {
    const height = box.querySelector(part).offsetHeight;
    return height ? sum + height + (sum ? gap : 0) : sum;
  }, 0);
  for (let scale = .94; needed() > box.clientHeight && scale > .5; scale -= .06) box.style.setProperty('--fit', scale);
}

// Where the whole agenda has no room, what is past makes room for what comes.
function fitItems(visible) {
  const list = $('items');
  for (const row of list.children) row.hidden = false;
  list.style.removeProperty('--fit');
  if (!visible || narrow.matches) return;
  const rows = [...list.children];
  const tooLong = () => list.scrollHeight > list.clientHeight + 1;
  for (let scale = .95; tooLong() && scale > .76; scale -= .05) list.style.setProperty('--fit', scale);
  for (const row of rows) {
    if (!tooLong()) break;
    if (row.classList.contains('past') || row.classList.contains('day')) row.hidden = true;
  }
  for (const row of rows.reverse()) {
    if (!tooLong()) break;
    row.hidden = true;
  }
}

// Tools

function store(value) {
  try { localStorage.setItem('rakor-wall-shade', value); } catch { /* not allowed: lasts until the page is left */ }
}

function stored() {
  try { return localStorage.getItem('rakor-wall-shade'); } catch { return null; }
}

function shade(value) {
  if (value === 'light' || value === 'dark') document.documentElement.dataset.shade = value;
}

shade(stored());
$('shade').addEventListener('click', () => {
  const chosen = document.documentElement.dataset.shade;
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  shade(dark ? 'light' : 'dark');
  store(dark ? 'light' : 'dark');
});

$('full').hidden = !document.fullscreenEnabled;
$('full').addEventListener('click', () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
});

let idle = 0;
function stir() {
  document.body.classList.add('stirred');
  clearTimeout(idle);
  idle = setTimeout(() => document.body.classList.remove('stirred'), 4000);
}
for (const kind of ['pointermove', 'pointerdown', 'keydown']) addEventListener(kind, stir, { passive: true });

// A projector's computer is not to fall asleep.
async function stayAwake() {
  try { await navigator.wakeLock?.request('screen'); } catch { /* not allowed here */ }
}
addEventListener('visibilitychange', () => { if (!document.hidden) { stayAwake(); tick(); } });

new ResizeObserver(() => { if (shown) fit(); }).observe($('stage'));
addEventListener('online', () => { if (source?.readyState !== EventSource.OPEN) listen(); });
document.fonts?.ready.then(() => { if (shown) fit(); });
setInterval(tick, 1000);
stayAwake();
listen();
