/** Draws lineage: each node right of all it is made from, in the order of what it is joined to. */
export const LINEAGE_SCRIPT = `
const WIDE = 190, HIGH = 30, ACROSS = 240, DOWN = 40;

/** The column of each node: 0 for what is made from nothing here, else one more than the last of what it is made from. */
function columnsOf(ids, up) {
  const among = new Set(ids), column = new Map();
  const left = [...ids];
  while (left.length) {
    const id = left[left.length - 1];
    const wanted = up(id).filter((one) => among.has(one) && !column.has(one));
    if (wanted.length && !column.has(id)) { column.set(id, 0); left.push(...wanted.filter((one) => one !== id)); continue; }
    left.pop();
    column.set(id, Math.max(-1, ...up(id).filter((one) => among.has(one) && one !== id).map((one) => column.get(one) || 0)) + 1);
  }
  return column;
}

/** Nodes by column, those joined to each other near each other. */
function ordered(ids, up, down) {
  const column = columnsOf(ids, up), columns = [];
  for (const id of ids) (columns[column.get(id)] = columns[column.get(id)] || []).push(id);
  const rank = new Map();
  const place = () => { for (const of of columns) of.forEach((id, i) => rank.set(id, i / of.length)); };
  place();
  for (let pass = 0; pass < 6; pass++) {
    const near = pass % 2 ? down : up;
    for (const of of pass % 2 ? [...columns].reverse() : columns) {
      const middle = new Map(of.map((id) => {
        const places = near(id).filter((one) => rank.has(one)).map((one) => rank.get(one));
        return [id, places.length ? places.reduce((sum, one) => sum + one, 0) / places.length : rank.get(id)];
      }));
      of.sort((a, b) => middle.get(a) - middle.get(b));
      of.forEach((id, i) => rank.set(id, i / of.length));
    }
  }
  return columns;
}

function lineageGraph(ids, { up, down, nameOf, kindOf }, here) {
  const columns = ordered(ids, up, down), at = new Map();
  const tallest = Math.max(...columns.map((of) => of.length));
  columns.forEach((of, x) => of.forEach((id, y) => at.set(id, { x: 10 + x * ACROSS, y: 10 + (y + (tallest - of.length) / 2) * DOWN })));
  const edges = ids.flatMap((id) => up(id).filter((one) => at.has(one)).map((one) => {
    const from = at.get(one), to = at.get(id), bend = Math.min(60, (to.x - from.x - WIDE) / 2);
    const [x, y, X, Y] = [from.x + WIDE, from.y + HIGH / 2, to.x, to.y + HIGH / 2];
    return svgEl('path', { d: ['M', x, y, 'C', x + bend, y, X - bend, Y, X, Y].join(' ') });
  }));
  const boxes = ids.map((id) => {
    const { x, y } = at.get(id), name = nameOf(id);
    const text = svgEl('text', { x: x + 8, y: y + 19 }), title = svgEl('title', {});
    text.textContent = name.length > 26 ? name.slice(0, 25) + '…' : name;
    title.textContent = name;
    return svgEl('a', { href: '#' + encodeURIComponent(id), class: [kindOf(id), id === here ? 'here' : ''].join(' ') }, svgEl('rect', { x, y, width: WIDE, height: HIGH, rx: 5 }), text, title);
  });
  const width = ACROSS * columns.length - (ACROSS - WIDE) + 20, height = DOWN * tallest + 10;
  const drawing = svgEl('svg', { viewBox: '0 0 ' + width + ' ' + height, width, height, role: 'img', 'aria-label': 'Lineage' }, ...edges, ...boxes);
  return el('div', { className: 'wide graph' }, drawing);
}
`
