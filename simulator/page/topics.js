import { api } from './api.js';
import { h, icon, iconButton } from './dom.js';
import { t } from './i18n.js';
import { ask } from './popups.js';

export const topicName = (topic) => topic.name || t('topicGeneral');

/** The topics of a forum as a row of tabs over the conversation, with what is unread in each. */
export function drawTopics(host, pane) {
  const { talk } = pane;
  const topics = talk?.chat?.topics || [];
  host.hidden = !topics.length;
  if (host.hidden) return;
  const focused = host.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  host.replaceChildren(
    ...topics.map((topic) => tab(topic, topic.id === talk.topicId, () => pane.openTopic(topic.id))),
    ...(isAdmin(pane) ? [iconButton('plus', t('topicNew'), () => openTopic(pane), { data: { id: 'new' } })] : []));
  (focused && host.querySelector(`[data-id="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  host.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function tab(topic, isCurrent, open) {
  const name = topicName(topic);
  const label = [name, topic.is_closed ? t('topicClosed') : '', topic.unread ? t('unread', { count: topic.unread }) : ''];
  return h('button', {
    type: 'button',
    class: 'topic',
    data: { id: topic.id },
    'aria-label': label.filter(Boolean).join(', '),
    'aria-current': isCurrent ? 'true' : null,
    onclick: open,
  }, topic.is_closed ? icon('lock') : null, h('span', { class: 'topic-name', dir: 'auto' }, name),
  topic.unread ? h('span', { class: 'badge' }, String(topic.unread)) : null);
}

export const isAdmin = (pane) => Boolean(pane.store.group(pane.chatId)?.admin_ids.includes(pane.viewer));

export async function openTopic(pane) {
  const name = h('input', { class: 'field', required: true, maxLength: 128, dir: 'auto', autocomplete: 'off', 'aria-label': t('topicName') });
  const chosen = await ask({ title: t('topicNew'), body: name, confirm: t('topicMake'), read: () => name.value.trim() });
  if (!chosen) return;
  const known = new Set(pane.talk.chat.topics.map((topic) => topic.id));
  const group = await act(pane, { action: 'add_topic', name: chosen });
  if (!group) return;
  await pane.store.load([pane.viewer]);
  pane.openTopic(group.topics.find((topic) => !known.has(topic.id)).id);
}

/** What an administrator may do with the open group, as entries of its menu. */
export function groupEntries(pane) {
  const group = pane.store.group(pane.chatId);
  if (!group || !isAdmin(pane)) return [];
  const topic = group.topics.find(({ id }) => id === pane.talk.topicId);
  const bot = { name: pane.store.bot.name };
  return [
    group.is_forum && { icon: 'plus', label: t('topicNew'), run: () => openTopic(pane) },
    topic && {
      icon: 'lock',
      label: t(topic.is_closed ? 'topicReopen' : 'topicClose'),
      run: () => act(pane, { action: 'close_topic', thread_id: topic.id, closed: !topic.is_closed }),
    },
    !group.is_forum && { icon: 'topics', label: t('topicsOn'), detail: t('topicsOnDetail'), run: () => makeForum(pane) },
    group.has_bot && {
      icon: 'gear', label: t(group.bot_is_admin ? 'botDemote' : 'botPromote', bot),
      run: () => act(pane, { action: group.bot_is_admin ? 'demote_bot' : 'promote_bot' }),
    },
    {
      icon: group.has_bot ? 'block' : 'plus', label: t(group.has_bot ? 'botRemove' : 'botAdd', bot),
      run: () => act(pane, { action: group.has_bot ? 'remove_bot' : 'add_bot' }),
    },
  ].filter(Boolean);
}

/** A basic group becomes a supergroup for it, so another chat opens. */
async function makeForum(pane) {
  const group = await act(pane, { action: 'make_forum' });
  if (!group) return;
  await pane.store.loadState();
  await pane.store.load([pane.viewer]);
  pane.openChat(group.id);
}

async function act(pane, action) {
  try {
    return await api.group({ person: pane.viewer, chat: pane.chatId, ...action });
  } catch (error) {
    pane.fail(error);
    return null;
  }
}
