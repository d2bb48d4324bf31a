import { DRAWER_TEXTS } from './drawer_texts.js';
import { TEXTS } from './texts.js';

let language = 'id';

export const LANGUAGES = Object.keys(TEXTS);

export function useLanguage(code) {
  language = LANGUAGES.includes(code) ? code : 'id';
  document.documentElement.lang = language;
}

export const currentLanguage = () => language;

const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (_, name) => String(fields[name] ?? ''));

export const t = (key, fields = {}) => fill(TEXTS[language][key], fields);
/** For a count: English has another text for one. */
export const counted = (key, count, fields = {}) => t(count === 1 ? `${key}1` : key, { count, ...fields });
export const d = (key, fields = {}) => fill(DRAWER_TEXTS[language][key], fields);

/** What the server says in each language, or null. */
export const inLanguage = (texts) => (texts ? texts[language] || texts.en : null);

const format = (options) => (seconds) => new Intl.DateTimeFormat(language, options).format(new Date(seconds * 1000));

/** 24-hour clock with a colon in both languages, as Telegram shows it. */
export const clockTime = (seconds) => {
  const date = new Date(seconds * 1000);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
};

export const fullMoment = format({ dateStyle: 'full', timeStyle: 'medium' });

let clockOffset = 0;

/** How far the simulator's clock is from the browser's, in seconds; "today" follows it. */
export function useClock(offsetSeconds) {
  clockOffset = offsetSeconds;
}

export const now = () => Date.now() / 1000 + clockOffset;

const dayOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

export function dayName(seconds) {
  const date = new Date(seconds * 1000);
  const days = Math.round((dayOf(new Date(now() * 1000)) - dayOf(date)) / 86400000);
  if (days === 0) return t('today');
  if (days === 1) return t('yesterday');
  const sameYear = date.getFullYear() === new Date(now() * 1000).getFullYear();
  return format({ day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) })(seconds);
}

export const sameDay = (a, b) => dayOf(new Date(a * 1000)) === dayOf(new Date(b * 1000));

/** For the chat list: the time today, the date before. */
export function shortMoment(seconds) {
  return sameDay(seconds, now()) ? clockTime(seconds) : format({ day: 'numeric', month: 'short' })(seconds);
}

/** The length of a film or a sound, given in seconds. */
export const playingTime = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export function fileSize(bytes) {
  if (!bytes) return '';
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: power ? 1 : 0 }).format(value)} ${units[power]}`;
}
