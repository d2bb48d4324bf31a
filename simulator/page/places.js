import { h, icon } from './dom.js';
import { clockTime, now, sameDay, shortMoment, t } from './i18n.js';
import { ask } from './popups.js';

/** Two well-known points to be at without leaving the chair: the Ampera bridge and the National Monument. */
const SAMPLES = [
  ['placePalembang', { latitude: -2.9917, longitude: 104.7636 }],
  ['placeJakarta', { latitude: -6.1754, longitude: 106.8272 }],
];

/**
 * Asks where this person says they are; `[latitude, longitude]`, or null. The place that the bot itself sent last
 * (`named`, a message) comes first, since being there is what it may ask about.
 */
export async function askPlace(about, named) {
  const places = SAMPLES.map(([key, at]) => [t(key), at]);
  if (named) places.unshift([t('placeNamed', { title: named.venue?.title || t('locationShared') }), named.location]);
  const coordinate = (name, limit) => h('input', {
    class: 'field', type: 'number', step: 'any', min: -limit, max: limit, value: places[0][1][name], required: true,
  });
  const fields = { latitude: coordinate('latitude', 90), longitude: coordinate('longitude', 180) };
  const choices = places.map(([name, at], index) => h('label', { class: 'choice' },
    h('input', {
      type: 'radio',
      name: 'place',
      checked: !index,
      onchange: () => {
        for (const [key, field] of Object.entries(fields)) field.value = at[key];
      },
    }),
    h('span', { dir: 'auto' }, name)));
  return ask({
    title: t('shareLocation'),
    text: about,
    body: [
      h('div', { class: 'choices' }, choices),
      h('div', { class: 'pair' }, Object.entries(fields).map(([key, field]) => h('label', {}, h('span', {}, t(key)), field))),
    ],
    confirm: t('shareDo'),
    read: () => Object.values(fields).map((field) => Number(field.value)),
  });
}

/** Longer than this from now stands for "until it is stopped". */
const FOR_EVER_SECONDS = 10 * 365 * 86400;

/** A place that a message holds; of a live one also how long it moves. */
export function locationCard({ location, venue, live_until: until }) {
  const place = `${Number(location.latitude).toFixed(5)}, ${Number(location.longitude).toFixed(5)}`;
  return h('a', { class: 'card location', href: mapLink(location) },
    h('span', { class: `map${until > now() ? ' live' : ''}`, 'aria-hidden': 'true' }, icon('location')),
    h('span', { class: 'card-text' },
      h('span', { class: 'card-title', dir: 'auto' }, venue?.title || t(until ? 'liveShared' : 'locationShared')),
      h('span', { class: 'card-detail', dir: 'auto' }, venue?.address || place),
      until ? h('span', { class: 'card-detail' }, liveFor(until)) : null));
}

function liveFor(until) {
  if (until <= now()) return t('liveEnded');
  if (until - now() > FOR_EVER_SECONDS) return t('liveOn');
  return t('liveUntil', { time: sameDay(until, now()) ? clockTime(until) : `${shortMoment(until)} ${clockTime(until)}` });
}

const mapLink = ({ latitude, longitude }) =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
