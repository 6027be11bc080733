/** Shows one node: what it is, where it comes from, its columns, tests and code. */
export const NODE_SCRIPT = `
/** The nodes at most three steps from one, both ways. */
function around(id, up, down) {
  const near = new Set([id]);
  for (const next of [up, down]) {
    let edge = [id];
    for (let step = 0; step < 3; step++) edge = edge.flatMap(next).filter((one) => !near.has(one) && near.add(one));
  }
  return [...near];
}

function nodeDetail(node, project) {
  const { link, nameOf, up, down, testsOf, all } = project, id = node.unique_id, config = node.config || {};
  const links = (ids) => ids.flatMap((one, i) => [...(i ? [', '] : []), link(all[one])]);
  const facts = [
    ['Owner', [(node.owner || {}).name || (node.owner || {}).email || (config.meta || {}).owner]],
    ['Group', [node.group || config.group]], ['Access', [node.access]], ['Package', [node.package_name]],
    ['Contract', [(config.contract || {}).enforced ? 'enforced' : undefined]],
    ['Loaded at', [node.loaded_at_field]], ['Maturity', [node.maturity]],
    ['Address', [/^https?:/.test(node.url || '') ? el('a', { href: node.url, textContent: node.url }) : undefined]],
    ['Made from', links(up(id))], ['Used by', links(down(id))],
    ...Object.values(project.stats(id)).map((one) => [one.label, [String(one.value)]]),
  ].filter(([, value]) => value.length && value[0] != null && value[0] !== '');
  return [
    el('h2', { textContent: nameOf(id) }),
    el('p', {}, ...[node.resource_type.replace('_', ' '), config.materialized, node.relation_name, node.original_file_path, ...(node.tags || []).map((one) => '#' + one)].filter(Boolean).map(tag)),
    ...(node.description ? [markdown(node.description)] : []),
    lineageGraph(around(id, up, down), project, id),
    el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', { textContent: name }), el('dd', {}, ...value)])),
    ...columnTable(node, project),
    ...testTable(testsOf(id)),
    ...Object.entries({ Code: node.raw_code || node.macro_sql, Compiled: node.compiled_code }).filter(([, code]) => code).map(([title, code]) => el('details', {}, el('summary', { textContent: title }), el('pre', { textContent: code }))),
  ];
}

function columnTable(node, { columnsOf, lineageOf, nameOf, testsOf, all }) {
  const columns = columnsOf(node), lineage = lineageOf(node.unique_id), traced = Object.keys(lineage).length > 0;
  if (!columns.length) return [];
  const checks = (name) => testsOf(node.unique_id).filter((one) => (one.column_name || '').toLowerCase() === name.toLowerCase()).map((one) => one.test_metadata ? one.test_metadata.name : one.name);
  const from = (name) => (lineage[name] || []).map((one) => (all[one.node] ? nameOf(one.node) : one.node) + '.' + one.column);
  return [table(['Column', 'Type', 'Description', 'Tests', ...(traced ? ['From'] : [])],
    columns.map((one) => [one.name, one.type, inlineMarkdown(one.description), checks(one.name).join(', '), ...(traced ? [from(one.name).join(', ')] : [])]))];
}

function testTable(tests) {
  const whole = tests.filter((one) => !one.column_name);
  return whole.length ? [el('h3', { textContent: 'Tests of the whole' }), table(['Test', 'Severity'], whole.map((one) => [one.name, ((one.config || {}).severity || '').toLowerCase()]))] : [];
}
`
