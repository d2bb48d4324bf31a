const HOSTS = ['t.me', 'telegram.me', 'telegram.dog'];

/**
 * What a link means inside the messenger: `{payload}` for this bot's own link (payload '' without one),
 * null for any other address.
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
    return own(url.searchParams.get('domain') || '') ? { payload: url.searchParams.get('start') || '' } : null;
  }
  if (!/^https?:$/.test(url.protocol) || !HOSTS.includes(url.host)) return null;
  return own(url.pathname.split('/')[1] || '') ? { payload: url.searchParams.get('start') || '' } : null;
}

/** Addresses that may leave the page; anything else (`javascript:` and the like) stays dead. */
export const mayOpen = (href) => /^(https?|mailto|tel):/i.test(href);

const SPOT = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|(?<![\w/])(\/[a-zA-Z][a-zA-Z0-9_]{0,31}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/])|(?<![\w@/.])(@[a-zA-Z][a-zA-Z0-9_]{3,31})/g;

/** Turns addresses, /commands and @names in the text below `root` into links, as messengers do. */
export function linkify(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest('a, code, pre') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const node of texts) {
    const parts = [];
    let end = 0;
    for (const match of node.data.matchAll(SPOT)) {
      const [whole, url, command, name] = match;
      const link = document.createElement('a');
      link.textContent = whole;
      link.href = url || (name ? `https://t.me/${name.slice(1)}` : '#');
      if (command) link.dataset.command = command;
      parts.push(node.data.slice(end, match.index), link);
      end = match.index + whole.length;
    }
    if (parts.length) node.replaceWith(...parts, node.data.slice(end));
  }
}
