/** What the documentation page does in a browser: lists nodes, shows one with its columns, code and lineage. */
export const DOCS_SCRIPT = `
'use strict';
const el = (tag, props, ...kids) => { const e = Object.assign(document.createElement(tag), props); e.append(...kids); return e; };
const svgEl = (tag, attrs, ...kids) => { const e = document.createElementNS('http://www.w3.org/2000/svg', tag); for (const k in attrs) e.setAttribute(k, attrs[k]); e.append(...kids); return e; };
const held = document.getElementById('data');
const load = held ? Promise.resolve(JSON.parse(held.textContent)) : Promise.all(['manifest', 'catalog', 'column_lineage'].map((n) => fetch(n + '.json').then((r) => r.ok ? r.json() : {}))).then(([manifest, catalog, lineage]) => ({ manifest, catalog, lineage }));
load.then(({ manifest, catalog, lineage: columnLineage }) => {
  const parts = ['nodes', 'sources', 'exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests'];
  const all = Object.assign({}, ...parts.map((part) => manifest[part] || {}));
  const tables = Object.assign({}, catalog.nodes, catalog.sources);
  const label = (n) => n.resource_type === 'source' ? n.source_name + '.' + n.name : n.version ? n.name + '.v' + n.version : n.name;
  document.getElementById('title').textContent = (manifest.metadata && manifest.metadata.project_name) || 'Models';
  const shown = Object.values(all).filter((n) => n.resource_type !== 'test' && !(n.docs && n.docs.show === false)).sort((a, b) => label(a) < label(b) ? -1 : 1);
  const tests = {};
  for (const n of Object.values(all)) if (n.resource_type === 'test') for (const id of (n.depends_on || {}).nodes || []) (tests[id] = tests[id] || []).push(n);
  const list = document.getElementById('nodes');
  const search = document.getElementById('search');
  const text = (n) => [label(n), n.description, ...Object.keys(n.columns || {}), ...(n.tags || [])].join(' ').toLowerCase();
  const fill = () => {
    const word = search.value.trim().toLowerCase();
    const groups = {};
    for (const n of shown) if (!word || text(n).includes(word)) (groups[n.resource_type] = groups[n.resource_type] || []).push(n);
    list.replaceChildren(...Object.keys(groups).flatMap((type) => [el('h3', { textContent: type.replace('_', ' ') + ' (' + groups[type].length + ')' }), ...groups[type].map(link)]));
    mark();
  };
  const link = (n) => el('a', { href: '#' + encodeURIComponent(n.unique_id), textContent: label(n) });
  const current = () => decodeURIComponent(location.hash.slice(1));
  const mark = () => { for (const a of list.querySelectorAll('a')) a.toggleAttribute('aria-current', decodeURIComponent(a.hash.slice(1)) === current()); };
  const links = (ids) => ids.filter((id) => all[id]).flatMap((id, i) => [...(i ? [', '] : []), link(all[id])]);
  const up = (id) => (manifest.parent_map || {})[id] || [];
  const down = (id) => ((manifest.child_map || {})[id] || []).filter((one) => all[one] && all[one].resource_type !== 'test');
  const show = () => {
    mark();
    const n = all[current()];
    const main = document.getElementById('detail');
    if (!n) { main.replaceChildren(el('p', { textContent: shown.length + ' nodes. Choose one on the left.' })); return; }
    const kids = [el('h2', { textContent: label(n) }), el('p', {}, ...[n.resource_type, n.config && n.config.materialized, n.relation_name, n.original_file_path].filter(Boolean).map((t) => el('span', { className: 'tag', textContent: t })), ...(n.tags || []).map((t) => el('span', { className: 'tag', textContent: '#' + t })))];
    if (n.description) kids.push(el('p', { textContent: n.description }));
    kids.push(graph(n));
    if (up(n.unique_id).length) kids.push(el('p', {}, 'Made from ', ...links(up(n.unique_id))));
    if (down(n.unique_id).length) kids.push(el('p', {}, 'Used by ', ...links(down(n.unique_id))));
    kids.push(...columns(n));
    for (const [title, code] of [['Code', n.raw_code], ['Compiled', n.compiled_code]]) if (code) kids.push(el('details', {}, el('summary', { textContent: title }), el('pre', { textContent: code })));
    main.replaceChildren(...kids);
    main.scrollTop = 0;
  };
  const columns = (n) => {
    const known = (tables[n.unique_id] || {}).columns || {};
    const byName = {};
    for (const c of Object.values(known)) byName[c.name.toLowerCase()] = { name: c.name, type: c.type };
    for (const c of Object.values(n.columns || {})) Object.assign(byName[c.name.toLowerCase()] = byName[c.name.toLowerCase()] || { name: c.name, type: c.data_type || '' }, { description: c.description });
    const rows = Object.values(byName);
    const lineage = (columnLineage || {})[n.unique_id] || {};
    if (!rows.length) return [];
    const checks = (name) => (tests[n.unique_id] || []).filter((t) => (t.column_name || '').toLowerCase() === name.toLowerCase()).map((t) => t.test_metadata ? t.test_metadata.name : t.name).join(', ');
    const from = (name) => (lineage[name] || []).map((one) => (all[one.node] ? label(all[one.node]) : one.node) + '.' + one.column).join(', ');
    const head = ['Column', 'Type', 'Description', 'Tests', ...(Object.keys(lineage).length ? ['From'] : [])];
    return [el('table', {}, el('thead', {}, el('tr', {}, ...head.map((t) => el('th', { textContent: t })))), el('tbody', {}, ...rows.map((c) => el('tr', {}, ...[c.name, c.type, c.description || '', checks(c.name), ...(head.length > 4 ? [from(c.name)] : [])].map((t) => el('td', { textContent: t }))))))];
  };
  const graph = (n) => {
    const level = { [n.unique_id]: 0 };
    const walk = (id, step, next, depth) => { if (depth === 3) return; for (const one of next(id)) if (all[one] && !(one in level)) { level[one] = level[id] + step; walk(one, step, next, depth + 1); } };
    walk(n.unique_id, -1, up, 0); walk(n.unique_id, 1, down, 0);
    const least = Math.min(...Object.values(level)), rows = {}, at = {};
    for (const id in level) { const x = level[id] - least; rows[x] = rows[x] || 0; at[id] = { x: 10 + x * 230, y: 10 + rows[x]++ * 40 }; }
    const width = 230 * (Math.max(...Object.values(level)) - least + 1), height = 40 * Math.max(...Object.values(rows)) + 10;
    const edges = Object.keys(level).flatMap((id) => up(id).filter((one) => at[one]).map((one) => svgEl('path', { d: 'M' + (at[one].x + 190) + ' ' + (at[one].y + 15) + ' C' + (at[one].x + 215) + ' ' + (at[one].y + 15) + ' ' + (at[id].x - 25) + ' ' + (at[id].y + 15) + ' ' + at[id].x + ' ' + (at[id].y + 15) })));
    const boxes = Object.keys(level).map((id) => { const t = svgEl('text', { x: at[id].x + 8, y: at[id].y + 19 }); const name = label(all[id]); t.textContent = name.length > 26 ? name.slice(0, 25) + '…' : name; return svgEl('a', { href: '#' + encodeURIComponent(id), class: id === n.unique_id ? 'here' : '' }, svgEl('rect', { x: at[id].x, y: at[id].y, width: 190, height: 30, rx: 5 }), t); });
    return svgEl('svg', { viewBox: '0 0 ' + width + ' ' + height, width, height, role: 'img', 'aria-label': 'Lineage' }, ...edges, ...boxes);
  };
  search.addEventListener('input', fill);
  addEventListener('hashchange', show);
  fill(); show();
});
`
