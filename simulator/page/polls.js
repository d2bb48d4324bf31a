import { h, icon } from './dom.js';
import { counted, t } from './i18n.js';

/**
 * A poll as it looks to this viewer: to be answered, or with its result once they voted or it is closed. Of a quiz the
 * result tells which answer is right, and why.
 */
export function pollCard(message, view) {
  const { poll } = message;
  const chosen = poll.chosen || view.votes.get(message.id) || [];
  const total = poll.total_voter_count || 0;
  const showsResult = poll.is_closed || chosen.length > 0;
  const isFinal = poll.is_closed || (showsResult && poll.allows_revoting === false);
  const share = (option) => (total ? Math.round((100 * option.voter_count) / total) : 0);
  return h('div', { class: `poll${showsResult ? ' counted' : ''}` },
    h('div', { class: 'poll-question', dir: 'auto' }, poll.question),
    h('div', { class: 'card-detail' }, kindOf(poll)),
    poll.options.map((option, index) => h('button', {
      type: 'button',
      class: 'poll-option',
      data: { spot: `poll:${index}` },
      disabled: isFinal,
      'aria-pressed': String(chosen.includes(index)),
      onclick: () => view.onVote(message, index, chosen),
    },
    h('span', { class: 'poll-share' }, showsResult ? `${share(option)}%` : h('span', { class: 'poll-dot' })),
    h('span', { class: 'poll-text', dir: 'auto' }, option.text, mark(poll, index, chosen, showsResult)),
    showsResult ? h('progress', { max: 100, value: share(option), 'aria-label': `${share(option)}%` }) : null)),
    showsResult && poll.explanation ? h('p', { class: 'poll-why', dir: 'auto' }, poll.explanation) : null,
    h('div', { class: 'card-detail poll-votes' }, total ? counted('pollVotes', total) : t('pollNone')));
}

function kindOf({ is_closed: isClosed, is_anonymous: isAnonymous, type }) {
  if (isClosed) return t('pollClosed');
  if (type === 'quiz') return t(isAnonymous === false ? 'quizPublic' : 'quizAnonymous');
  return t(isAnonymous === false ? 'pollPublic' : 'pollAnonymous');
}

/** The sign after an answer: chosen; of a quiz, right, or chosen and wrong. */
function mark(poll, index, chosen, showsResult) {
  const isChosen = chosen.includes(index);
  if (poll.type !== 'quiz' || !showsResult) return isChosen ? icon('check') : null;
  const isRight = Boolean(poll.correct_option_ids?.includes(index));
  if (!isRight && !isChosen) return null;
  return h('span', { class: isRight ? 'right' : 'wrong', role: 'img', 'aria-label': t(isRight ? 'quizRight' : 'quizWrong') },
    icon(isRight ? 'check' : 'close'));
}
