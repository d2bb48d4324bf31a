// What the parts of the page share.

export const $ = (id) => document.getElementById(id);

export function node(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function say(id, text) {
  const place = $(id);
  if (place.textContent !== text) place.textContent = text;
}
