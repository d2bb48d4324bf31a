import { h, icon } from './dom.js';
import { fileSize, playingTime, t } from './i18n.js';

const stillsOnly = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether it is shown as a picture or a film, and not as a card. */
export const isSeen = ({ kind, mime }) => /^(image|video)\//.test(mime || '') && kind !== 'voice' && kind !== 'audio';

/** A film, a sound or a sticker: with a player where the browser has one for it, else as a file to download. */
export function mediaCard(message) {
  const { media } = message;
  const label = message.caption || t(media.kind);
  if (isSeen(media)) {
    const look = `film ${media.kind}`;
    if (media.mime.startsWith('image/')) return h('img', { class: look, src: media.url, alt: media.emoji || label });
    const moves = media.kind === 'animation' || media.kind === 'sticker';
    const plays = moves && !stillsOnly.matches;
    return h('video', {
      class: look, src: media.url, 'aria-label': label, preload: 'metadata', playsInline: true,
      controls: !plays, loop: moves, muted: moves, autoplay: plays,
    });
  }
  const isSound = /^audio\//.test(media.mime || '');
  const title = media.title || media.name || (media.emoji ? `${t(media.kind)} ${media.emoji}` : t(media.kind));
  const details = [media.performer, media.duration && playingTime(media.duration), fileSize(media.size)];
  const card = [
    h('span', { class: 'card-icon' }, icon(isSound || ['audio', 'voice'].includes(media.kind) ? 'sound' : 'film')),
    h('span', { class: 'card-text' },
      h('span', { class: 'card-title', dir: 'auto' }, title),
      h('span', { class: 'card-detail', dir: 'auto' }, details.filter(Boolean).join(' · '))),
  ];
  if (!isSound) {
    return h('a', { class: 'card document', href: media.url, download: media.name || '', 'aria-label': t('download', { name: title }) }, card);
  }
  return h('div', { class: 'sound' },
    h('div', { class: 'card' }, card),
    h('audio', { src: media.url, controls: true, preload: 'metadata', 'aria-label': title }));
}
