/** Loads the artifacts, lists what can be shown, and shows what the address names. */
export const PAGE_SCRIPT = `
const held = document.getElementById('data');
const fetched = (name) => fetch(name + '.json').then((answer) => answer.ok ? answer.json() : {});
const loaded = held ? Promise.resolve(JSON.parse(held.textContent)) : Promise.all(['manifest', 'catalog', 'column_lineage'].map(fetched)).then(([manifest, catalog, lineage]) => ({ manifest, catalog, lineage }));
const list = document.getElementById('nodes'), search = document.getElementById('search'), detail = document.getElementById('detail');

function projectOf({ manifest, catalog, lineage }) {
  const parts = ['nodes', 'sources', 'exposures', 'metrics', 'semantic_models', 'saved_queries', 'unit_tests'];
  const all = Object.assign({}, ...parts.map((part) => manifest[part] || {}));
  for (const [id, node] of Object.entries(all)) if (node.resource_type === 'operation') delete all[id];
  const own = (manifest.metadata || {}).project_name;
  for (const macro of Object.values(manifest.macros || {})) if (macro.package_name === own) all[macro.unique_id] = macro;
  const tables = Object.assign({}, catalog.nodes, catalog.sources), tests = {};
  for (const node of Object.values(all)) if (node.resource_type === 'test') for (const id of (node.depends_on || {}).nodes || []) (tests[id] = tests[id] || []).push(node);
  const drawn = (id) => all[id] && all[id].resource_type !== 'test';
  const nameOf = (id) => { const node = all[id]; return node.resource_type === 'source' ? node.source_name + '.' + node.name : node.version ? node.name + '.v' + node.version : node.name; };
  const columnsOf = (node) => {
    const byName = {};
    for (const one of Object.values((tables[node.unique_id] || {}).columns || {})) byName[one.name.toLowerCase()] = { name: one.name, type: one.type || '', description: '' };
    for (const one of Object.values(node.columns || {})) {
      const known = byName[one.name.toLowerCase()] = byName[one.name.toLowerCase()] || { name: one.name, type: one.data_type || '' };
      known.description = one.description;
    }
    for (const one of Array.isArray(node.arguments) ? node.arguments : []) byName[one.name] = { name: one.name, type: one.type || '', description: one.description };
    return Object.values(byName);
  };
  return {
    name: own || 'Models', all, nameOf, columnsOf,
    up: (id) => ((manifest.parent_map || {})[id] || []).filter(drawn),
    down: (id) => ((manifest.child_map || {})[id] || []).filter(drawn),
    kindOf: (id) => all[id].resource_type,
    testsOf: (id) => tests[id] || [],
    lineageOf: (id) => (lineage || {})[id] || {},
    stats: (id) => Object.fromEntries(Object.entries((tables[id] || {}).stats || {}).filter(([, one]) => one.include && one.id !== 'has_stats')),
    link: (node) => el('a', { href: '#' + encodeURIComponent(node.unique_id), textContent: nameOf(node.unique_id) }),
    overview: Object.values(manifest.docs || {}).filter((one) => one.name === '__overview__' && one.package_name === own).map((one) => markdown(one.block_contents)),
    shown: Object.values(all).filter((node) => node.resource_type !== 'test' && !((node.docs || {}).show === false)).sort((a, b) => nameOf(a.unique_id) < nameOf(b.unique_id) ? -1 : 1),
  };
}

loaded.then((artifacts) => {
  const project = projectOf(artifacts);
  document.title = document.getElementById('title').textContent = project.name;
  const current = () => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ''; } };
  const words = new Map(project.shown.map((node) => [node, [project.nameOf(node.unique_id), node.description, node.original_file_path, ...project.columnsOf(node).map((one) => one.name), ...(node.tags || [])].join(' ').toLowerCase()]));
  const found = () => { const wanted = search.value.trim().toLowerCase(); return wanted ? project.shown.filter((node) => words.get(node).includes(wanted)) : project.shown; };
  const mark = () => { for (const link of list.querySelectorAll('a')) { const is = decodeURIComponent(link.hash.slice(1)) === current(); is ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current'); } };
  const fill = () => {
    const groups = {};
    for (const node of found()) (groups[node.resource_type] = groups[node.resource_type] || []).push(node);
    list.replaceChildren(...Object.keys(groups).sort().flatMap((kind) => [el('h3', { textContent: kind.replace('_', ' ') + ' (' + groups[kind].length + ')' }), ...groups[kind].map(project.link)]));
    mark();
  };
  const show = () => {
    mark();
    const node = project.all[current()];
    detail.replaceChildren(...(node ? nodeDetail(node, project) : startPage(found(), project, search.value.trim() ? [] : project.overview)));
    detail.scrollTop = 0;
  };
  search.addEventListener('input', () => { fill(); if (project.all[current()] === undefined) show(); });
  search.addEventListener('keydown', (key) => { const [first] = found(); if (key.key === 'Enter' && first) location.hash = encodeURIComponent(first.unique_id); });
  addEventListener('hashchange', () => { show(); if (innerWidth < 800) detail.scrollIntoView(); });
  fill(); show();
}).catch((error) => detail.replaceChildren(el('p', { textContent: 'The documentation could not be read: ' + error.message })));
`
