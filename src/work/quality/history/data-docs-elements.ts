/**
 * The first part of the script of the page of data docs: the data, and the pieces that its views are made of. No library;
 * everything that comes from data is put in as text.
 */
export const DATA_DOCS_ELEMENTS = `'use strict'
const { texts, expectations, runs } = JSON.parse(document.getElementById('data').textContent)
const main = document.getElementById('main'),
  find = document.getElementById('find'),
  title = document.title
const [UNMET, MET, ERROR] = [0, 1, 2],
  PAGE = 50,
  LATELY = 20,
  WEIGHTS = { critical: 1, warning: 0.5, info: 0.1 }
let chosen = 'all',
  from = 0

function el(name, props, ...inside) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(props))
    key.includes('-') || key === 'scope' ? made.setAttribute(key, value) : (made[key] = value)
  made.append(...inside.filter((one) => one !== null && one !== ''))
  return made
}
function drawn(name, props, ...inside) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(props)) made.setAttribute(key, value)
  made.append(...inside)
  return made
}
const link = (to, text) => el('a', { href: '#' + new URLSearchParams(to), textContent: text })
const toDataset = (run) => link({ dataset: texts[run[0]] }, texts[run[0]])
const toSuite = (run) => link({ suite: texts[run[1]] }, texts[run[1]])
const named = (run) => run[6] || when(run[2])
const toRun = (run, text) => link({ dataset: texts[run[0]], suite: texts[run[1]], at: run[2] }, text || named(run))
const words = (type) => type.replace(/^expect_/, '').replaceAll('_', ' ')
const when = (time) => time.slice(0, 16).replace('T', ' ')
const number = (value) => value.toLocaleString('en-US', { maximumFractionDigits: 6 })
const count = (of, what) => number(of) + ' ' + what + (of === 1 ? '' : 's')
const took = (ms) => (ms === null ? '' : ms < 1000 ? ms + ' ms' : (ms / 1000).toFixed(1) + ' s')
const unmet = (run) => run[5].filter((one) => one[1] !== MET).length
const columnOf = (kwargs) =>
  typeof kwargs.column === 'string'
    ? kwargs.column
    : Array.isArray(kwargs.column_list)
      ? kwargs.column_list.join(', ')
      : [kwargs.column_A, kwargs.column_B].filter((one) => one !== undefined).join(', ')
const parsed = expectations.map(([type, json, severity]) => {
  const kwargs = JSON.parse(json),
    { column, column_A, column_B, column_list, ...rest } = kwargs
  return {
    type,
    severity,
    column: columnOf(kwargs),
    rest,
    text: (type + ' ' + words(type) + ' ' + json + ' ' + severity).toLowerCase(),
  }
})
const groups = new Map()
for (const run of runs) {
  const key = run[0] + ' ' + run[1]
  groups.has(key) ? groups.get(key).push(run) : groups.set(key, [run])
}
const groupOf = (run) => groups.get(run[0] + ' ' + run[1])
const latest = [...groups.values()].map(([run]) => run)

function mark(run) {
  const bad = unmet(run)
  return bad === 0
    ? el('span', { className: 'ok', textContent: '✓ met' })
    : el('span', { className: 'bad', textContent: '✗ ' + number(bad) + ' not met' })
}
function markOf([place, status]) {
  const { severity } = parsed[place]
  if (status === MET) return el('span', { className: 'ok', textContent: '✓ met' })
  return el('span', {
    className: status === ERROR || severity === 'critical' ? 'bad' : 'warn',
    textContent: status === ERROR ? '! error' : '✗ ' + severity,
  })
}
function line(scores) {
  if (scores.length < 2) return ''
  const points = scores
    .map((score, i) => (2 + (i * 116) / (scores.length - 1)).toFixed(1) + ',' + (22 - score / 5).toFixed(1))
    .join(' ')
  return drawn(
    'svg',
    { width: 120, height: 24, role: 'img', 'aria-label': 'scores: ' + scores.join(', ') },
    drawn('polyline', { points, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.5 }),
  )
}
const scoresOf = (run) =>
  line(
    groupOf(run)
      .slice(0, 30)
      .map((one) => one[3])
      .reverse(),
  )
function strip(statuses) {
  if (statuses.length < 2) return ''
  const bars = statuses.map((status, i) =>
    drawn('rect', {
      x: i * 6,
      y: status === MET ? 6 : 0,
      width: 4,
      height: status === MET ? 6 : 12,
      fill: status === null ? 'none' : status === MET ? 'var(--ok)' : 'var(--bad)',
    }),
  )
  const said = statuses.filter((one) => one === MET).length + ' of the last ' + statuses.length + ' met'
  return drawn(
    'svg',
    { width: statuses.length * 6, height: 12, role: 'img', 'aria-label': said },
    drawn('title', {}, said),
    ...bars,
  )
}
function table(head, rows) {
  return el(
    'table',
    {},
    el(
      'thead',
      {},
      el('tr', {}, ...head.map(([name, kind]) => el('th', { scope: 'col', className: kind || '', textContent: name }))),
    ),
    el('tbody', {}, ...rows),
  )
}
function row(head, cells) {
  return el(
    'tr',
    {},
    ...cells.map((inside, i) => el('td', { className: head[i][1] || '', 'data-name': head[i][0] }, inside)),
  )
}
const facts = (...all) =>
  el(
    'div',
    { className: 'facts' },
    ...all.map(([value, name, kind]) => el('div', {}, el('b', { className: kind || '', textContent: value }), name)),
  )
function crumbs(...parts) {
  return el(
    'nav',
    { 'aria-label': 'Where this is' },
    link({}, 'All datasets'),
    ...parts.flatMap((part) => [' / ', part]),
  )
}
function filter(choices) {
  return el(
    'div',
    { className: 'filter', role: 'group', 'aria-label': 'Show' },
    ...choices.map(([key, name, of]) =>
      el('button', {
        type: 'button',
        'aria-pressed': String(chosen === key),
        textContent: name + ' ' + number(of),
        onclick: () => {
          chosen = key
          from = 0
          route(key)
        },
      }),
    ),
  )
}
const nothing = (text) => el('p', { className: 'soft', role: 'status', textContent: text })
function paged(all, make) {
  const more = el(
    'div',
    { className: 'pages' },
    from > 0
      ? el('button', {
          type: 'button',
          textContent: '← Later',
          onclick: () => {
            from = Math.max(0, from - PAGE)
            route('later')
          },
        })
      : '',
    all.length > PAGE
      ? el('span', {
          className: 'soft',
          textContent:
            number(from + 1) + ' to ' + number(Math.min(all.length, from + PAGE)) + ' of ' + number(all.length),
        })
      : '',
    from + PAGE < all.length
      ? el('button', {
          type: 'button',
          textContent: 'Earlier →',
          onclick: () => {
            from += PAGE
            route('earlier')
          },
        })
      : '',
  )
  return [make(all.slice(from, from + PAGE)), all.length > PAGE ? more : '']
}
const kept = (run) => chosen === 'all' || (chosen === 'met') === (unmet(run) === 0)
const states = (of) => [
  ['all', 'All', of.length],
  ['unmet', 'Not met', of.filter((run) => unmet(run) > 0).length],
  ['met', 'Met', of.filter((run) => unmet(run) === 0).length],
]`
