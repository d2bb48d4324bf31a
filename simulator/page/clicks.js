import { t } from './i18n.js';
import { botLink, mayOpen } from './links.js';
import { ask } from './popups.js';

/** Answers clicks and their keys in the messages of `list`: hidden text, links, codes and long quotations. */
export function listenForClicks(list, talk) {
  list.addEventListener('click', (event) => clicked(talk, event));
  list.addEventListener('keydown', (event) => {
    if (['Enter', ' '].includes(event.key) && event.target.matches('.spoiler, code, .expandable')) {
      event.preventDefault();
      clicked(talk, event);
    }
  });
}

function clicked(talk, event) {
  const hidden = event.target.closest('.spoiler:not(.shown)');
  const code = event.target.closest('code');
  const fold = event.target.closest('blockquote.expandable');
  const link = event.target.closest('a[href]:not(.document)');
  if (hidden) {
    event.preventDefault();
    for (const part of hidden.closest('.text').querySelectorAll('.spoiler')) part.classList.add('shown');
  } else if (link) {
    event.preventDefault();
    if (link.dataset.command) talk.send(link.dataset.command);
    else if (link.dataset.mention) openLink(talk, `https://t.me/${link.dataset.mention.replace('@', '')}`);
    else openLink(talk, link.href);
  } else if (code) {
    copy(talk, code.textContent);
  } else if (fold) {
    fold.classList.toggle('unfolded');
  } else if (event.target.closest('.bubble') && !event.target.closest('button, .document, video, audio')) {
    talk.pane.app.drawer.inspect(talk.chatId, (event.target.closest('.part') || event.target.closest('.msg')).message.id);
  }
}

export function copy(talk, text) {
  navigator.clipboard?.writeText(text).then(() => talk.pane.notify(t('copied')), () => {});
}

/** The bot's own links open inside; any other address is asked about before it opens beside the page. */
export async function openLink(talk, href) {
  const own = botLink(href, talk.store.bot.username);
  if (own?.groupPayload !== undefined) return talk.pane.addToGroup(own.groupPayload);
  if (own) return talk.pane.openBot(own.payload);
  if (!mayOpen(href)) return talk.pane.notify(t('linkUnknown'));
  const agreed = await ask({ title: t('leave'), text: href, confirm: t('leaveOpen'), className: 'wrap-anywhere' });
  if (agreed) window.open(href, '_blank', 'noopener,noreferrer');
}
