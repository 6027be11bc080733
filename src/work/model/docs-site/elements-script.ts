/**
 * What the other scripts of the page make elements with. Text from the project is put in as text, or read as Markdown
 * of which HTML stays text and links lead to the web, to mail or within the page only.
 */
export const ELEMENTS_SCRIPT = `
'use strict';
const el = (tag, props, ...kids) => { const made = Object.assign(document.createElement(tag), props); made.append(...kids); return made; };
const svgEl = (tag, attributes, ...kids) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const name in attributes) made.setAttribute(name, attributes[name]);
  made.append(...kids);
  return made;
};
const tag = (text) => el('span', { className: 'tag', textContent: text });
const table = (head, rows) => el('div', { className: 'wide' }, el('table', {},
  el('thead', {}, el('tr', {}, ...head.map((text) => el('th', { textContent: text })))),
  el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell) => el('td', {}, ...[cell].flat())))))));

const escaped = (text) => text.replace(/[&<>"']/g, (one) => '&#' + one.charCodeAt(0) + ';');
const safeAddress = (address) => /^(https?:|mailto:|#|[^:]*$)/i.test(address.trim()) ? address : '#';
marked.use({
  renderer: { html: ({ text }) => escaped(text) },
  walkTokens: (token) => { if (token.type === 'link' || token.type === 'image') token.href = safeAddress(token.href); },
});
const markdown = (text) => el('div', { className: 'markdown', innerHTML: marked.parse(text || '') });
const inlineMarkdown = (text) => el('span', { className: 'markdown', innerHTML: marked.parseInline(text || '') });
`
