/** Shows the whole: the project's overview, how many there are of each kind, and all of the lineage or what is searched for. */
export const START_SCRIPT = `
/** More than this can be drawn and not be read. */
const MOST_DRAWN = 600;

function startPage(shown, project, overview) {
  const kinds = new Map();
  for (const node of shown) {
    const key = JSON.stringify([node.resource_type.replace('_', ' '), node.resource_type === 'model' ? (node.config || {}).materialized || '' : '']);
    kinds.set(key, (kinds.get(key) || 0) + 1);
  }
  const drawn = shown.filter((node) => node.resource_type !== 'macro').map((node) => node.unique_id);
  const counts = table(['Kind', 'Materialized', 'Number'], [...kinds].sort().map(([key, number]) => [...JSON.parse(key), String(number)]));
  if (!drawn.length) return [...overview, el('p', { textContent: 'Nothing is found.' })];
  return [...overview, counts, el('h2', { textContent: 'Lineage' }), drawn.length > MOST_DRAWN
    ? el('p', { textContent: drawn.length + ' nodes are too many to draw: search, and what is found is drawn.' })
    : lineageGraph(drawn, project)];
}
`
