import { h } from './dom.js';
import { t } from './i18n.js';
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

export const mapLink = ({ latitude, longitude }) =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
