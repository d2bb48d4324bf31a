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

/** The general topic of a forum (0) is written in without a name. */
const inTopic = (topic) => (topic ? { thread_id: topic } : {});

export const api = {
  state: () => get('state'),
  chats: (viewer) => get('chats', { viewer }),
  /** Oldest first; `before` is the id of the oldest message that is already shown. */
  messages: (viewer, chat, { topic, before, limit = 50 } = {}) => get('messages', { viewer, chat, topic, before, limit }),
  send: (person, chat, text, { replyTo, topic } = {}) =>
    post('send', { person, chat, text, reply_to: replyTo, ...inTopic(topic) }),
  edit: (person, chat, messageId, text) => post('edit', { person, chat, message_id: messageId, text }),
  remove: (person, chat, messageId) => post('delete', { person, chat, message_id: messageId }),
  /** An empty emoji takes one's own reaction away. */
  react: (person, chat, messageId, emoji) => post('react', { person, chat, message_id: messageId, emoji }),
  tap: (person, chat, messageId, row, col) => post('tap', { person, chat, message_id: messageId, row, col }),
  start: (person, payload = '') => post('start', { person, payload }),
  contact: (person, chat, topic) => post('contact', { person, chat, ...inTopic(topic) }),
  location: (person, chat, latitude, longitude, topic) => post('location', { person, chat, latitude, longitude, ...inTopic(topic) }),
  read: (person, chat, topic) => post('read', { person, chat, topic_id: topic }),
  inline: (person, chat, query) => post('inline', { person, chat, query }),
  sendInline: (person, chat, queryId, resultId, topic) =>
    post('inline/send', { person, chat, query_id: queryId, result_id: resultId, ...inTopic(topic) }),
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
  upload(person, chat, kind, caption, file, topic) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ person, chat, kind, caption, ...inTopic(topic) })) form.set(name, value);
    form.set('file', file, file.name);
    return request('upload', { method: 'POST', body: form });
  },
};
