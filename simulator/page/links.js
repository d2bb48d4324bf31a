const HOSTS = ['t.me', 'telegram.me', 'telegram.dog'];

/**
 * What a link means inside the messenger: `{payload}` for this bot's own link (payload '' without one),
 * `{groupPayload}` for one that adds the bot to a group, null for any other address.
 */
export function botLink(href, username) {
  let url;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  const own = (name) => Boolean(username) && name.toLowerCase() === username.toLowerCase();
  if (url.protocol === 'tg:' && (url.host === 'resolve' || url.pathname.replaceAll('/', '') === 'resolve')) {
    return own(url.searchParams.get('domain') || '') ? meaning(url.searchParams) : null;
  }
  if (!/^https?:$/.test(url.protocol) || !HOSTS.includes(url.host)) return null;
  return own(url.pathname.split('/')[1] || '') ? meaning(url.searchParams) : null;
}

function meaning(query) {
  return query.has('startgroup') ? { groupPayload: query.get('startgroup') } : { payload: query.get('start') || '' };
}

/** Addresses that may leave the page; anything else (`javascript:` and the like) stays dead. */
export const mayOpen = (href) => /^(https?|mailto|tel):/i.test(href);
