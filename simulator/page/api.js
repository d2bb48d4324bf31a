/** The simulator's page API, relative to where these scripts are served from (`/sim/static/`). */
const BASE = new URL('../', import.meta.url);

export class ApiError extends Error {}

export const address = (path) => new URL(path.replace(/^\//, ''), BASE).href;

async function request(path, options) {
  let response;
  try {
    response = await fetch(address(path), options);
  } catch {
    throw new ApiError('offline');
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(body?.error || `HTTP ${response.status}`);
  return body;
}

function get(path, query = {}) {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(known).toString();
  return request(search ? `${path}?${search}` : path);
}

const post = (path, body = {}) =>
  request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const api = {
  state: () => get('state'),
  chats: (viewer) => get('chats', { viewer }),
  /** Oldest first; `before` is the id of the oldest message that is already shown. */
  messages: (viewer, chat, before, limit = 50) => get('messages', { viewer, chat, before, limit }),
  send: (person, chat, text, replyTo) => post('send', { person, chat, text, ...(replyTo ? { reply_to: replyTo } : {}) }),
  tap: (person, chat, messageId, row, col) => post('tap', { person, chat, message_id: messageId, row, col }),
  start: (person, payload = '') => post('start', { person, payload }),
  contact: (person, chat) => post('contact', { person, chat }),
  location: (person, chat, latitude, longitude) => post('location', { person, chat, latitude, longitude }),
  read: (person, chat) => post('read', { person, chat }),
  block: (person, blocked) => post('block', { person, blocked }),
  reset: () => post('reset'),
  addPerson: (person) => post('people', person),
  group: (action) => post('group', action),
  vote: (person, chat, messageId, options) => post('vote', { person, chat, message_id: messageId, options }),
  log: (limit) => get('log', { limit }),
  faults: () => get('faults'),
  setFaults: (faults) => post('faults', faults),
  /** The raw updates and calls about one message. */
  trace: (chat, messageId) => get('trace', { chat, message_id: messageId }),
  crowd: () => get('crowd'),
  setCrowd: (count, perSecond, payload = '') => post('crowd', { count, per_second: perSecond, payload }),
  clock: () => get('clock'),
  moveClock: (offsetSeconds) => post('clock', { offset_seconds: offsetSeconds }),
  upload(person, chat, kind, caption, file) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ person, chat, kind, caption })) form.set(name, value);
    form.set('file', file, file.name);
    return request('upload', { method: 'POST', body: form });
  },
};
