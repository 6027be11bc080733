import { DATA_DOCS_ELEMENTS } from './data-docs-elements.ts'

// What is shown is in the address behind the hash: dataset, with suite and at for one validation, or suite alone.
const VIEWS = String.raw`function overview(wanted) {
  if (runs.length === 0) return ['', el('h1', { textContent: 'Datasets' }), nothing('Nothing has been validated yet.')]
  const matches = (run) =>
    wanted === '' ||
    texts[run[0]].toLowerCase().includes(wanted) ||
    texts[run[1]].toLowerCase().includes(wanted) ||
    run[5].some((one) => parsed[one[0]].text.includes(wanted))
  const found = latest.filter(matches),
    shown = found.filter(kept),
    failing = latest.filter((run) => unmet(run) > 0)
  const head = [
    ['Dataset'],
    ['Suite'],
    ['Latest', 'mark'],
    ['Score', 'number'],
    ['Scores'],
    ['Validations', 'number'],
    ['Last'],
  ]
  const rows = (some) =>
    some.map((run) =>
      row(head, [
        toDataset(run),
        toSuite(run),
        mark(run),
        run[3] + '',
        scoresOf(run),
        number(groupOf(run).length),
        toRun(run),
      ]),
    )
  return [
    '',
    el('h1', { tabIndex: -1, textContent: 'Datasets' }),
    facts(
      [number(new Set(latest.map((run) => run[0])).size), 'datasets'],
      [
        number(latest.length - failing.length) + ' of ' + number(latest.length),
        'meet their suite',
        failing.length ? '' : 'ok',
      ],
      [
        number(failing.reduce((sum, run) => sum + unmet(run), 0)),
        'expectations not met',
        failing.length ? 'bad' : 'ok',
      ],
      [number(runs.length), 'validations'],
    ),
    filter(states(found)),
    ...(shown.length ? paged(shown, (some) => table(head, rows(some))) : [nothing('Nothing is found.')]),
  ]
}
function columnsOf(name) {
  const own = latest.filter((run) => texts[run[0]] === name),
    sums = new Map()
  for (const run of own)
    for (const [place, status] of run[5]) {
      const { column, severity } = parsed[place],
        sum = sums.get(column) || { all: 0, met: 0, weight: 0, good: 0 }
      const weight = WEIGHTS[severity] || 1
      sums.set(column, {
        all: sum.all + 1,
        met: sum.met + (status === MET),
        weight: sum.weight + weight,
        good: sum.good + (status === MET ? weight : 0),
      })
    }
  return [...sums].filter(([column]) => column !== '')
}
function dataset(name, wanted) {
  const of = runs.filter((run) => texts[run[0]] === name)
  if (of.length === 0)
    return [crumbs(), el('h1', { tabIndex: -1, textContent: name }), nothing('No validation of this dataset is here.')]
  const own = latest.filter((run) => texts[run[0]] === name),
    columns = columnsOf(name)
  const suiteHead = [['Suite'], ['Latest', 'mark'], ['Met', 'mark'], ['Score', 'number'], ['Scores'], ['Last']],
    columnHead = [['Column'], ['Met', 'mark'], ['Score', 'number']],
    runHead = [['Validation'], ['Suite'], ['Result', 'mark'], ['Met', 'mark'], ['Score', 'number'], ['Took', 'number']]
  const shown = of.filter(
    (run) =>
      kept(run) && (wanted === '' || texts[run[1]].toLowerCase().includes(wanted) || (named(run) + ' ' + when(run[2])).includes(wanted)),
  )
  const met = (run) => number(run[5].length - unmet(run)) + ' of ' + number(run[5].length)
  return [
    crumbs(),
    el('h1', { tabIndex: -1, textContent: name }),
    table(
      suiteHead,
      own.map((run) =>
        row(suiteHead, [
          toSuite(run),
          mark(run),
          met(run),
          run[3] + '',
          scoresOf(run),
          toRun(run),
        ]),
      ),
    ),
    columns.length ? el('h2', { textContent: 'Columns, in the latest validations' }) : '',
    columns.length
      ? table(
          columnHead,
          columns.map(([column, sum]) =>
            row(columnHead, [
              column,
              el('span', {
                className: sum.met === sum.all ? 'ok' : 'bad',
                textContent: (sum.met === sum.all ? '✓ ' : '✗ ') + sum.met + ' of ' + sum.all,
              }),
              Math.round((sum.good / sum.weight) * 1000) / 10 + '',
            ]),
          ),
        )
      : '',
    el('h2', { textContent: 'Validations' }),
    filter(states(of)),
    ...(shown.length
      ? paged(shown, (some) =>
          table(
            runHead,
            some.map((run) => row(runHead, [el('span', {}, toRun(run), run[6] ? el('span', { className: 'soft', textContent: ' run ' + when(run[2]) }) : null), toSuite(run), mark(run), met(run), run[3] + '', took(run[4])])),
          ),
        )
      : [nothing('Nothing is found.')]),
  ]
}
function limits(rest) {
  return Object.entries(rest).flatMap(([name, value]) => {
    const text =
      typeof value === 'string'
        ? value
        : Array.isArray(value) && value.length > 20
          ? JSON.stringify(value.slice(0, 20)).slice(0, -1) + ', … ' + (value.length - 20) + ' more]'
          : JSON.stringify(value)
    return [' ', el('code', { textContent: name + ': ' + text })]
  })
}
function seen([, status, elements = null, unexpected = null, observed = null, examples = null]) {
  if (status === ERROR) return el('span', { textContent: observed })
  const counted =
    unexpected === null
      ? ''
      : unexpected === 0
        ? 'all ' + number(elements || 0) + ' as expected'
        : number(unexpected) +
          (elements ? ' of ' + number(elements) : '') +
          ' unexpected' +
          (elements ? ' (' + ((unexpected / elements) * 100).toFixed(2).replace(/\.?0+$/, '') + ' %)' : '')
  const said = observed === null ? counted : 'observed ' + (typeof observed === 'number' ? number(observed) : observed)
  return el(
    'span',
    {},
    said,
    examples
      ? el(
          'details',
          { open: examples.length <= 5 },
          el('summary', { textContent: count(examples.length, 'example') }),
          ...examples.map((one) => el('code', { textContent: one })),
        )
      : null,
  )
}
function validation(run, wanted) {
  const group = groupOf(run),
    at = group.indexOf(run),
    past = group.slice(at, at + LATELY).reverse()
  const byPlace = past.map((one) => new Map(one[5].map(([place, status]) => [place, status])))
  const fits = ([place, status]) =>
    (chosen === 'all' || chosen === ['unmet', 'met', 'error'][status]) &&
    (wanted === '' || parsed[place].text.includes(wanted))
  const shown = run[5].filter(fits),
    columns = new Map()
  for (const one of shown) {
    const { column } = parsed[one[0]]
    columns.has(column) ? columns.get(column).push(one) : columns.set(column, [one])
  }
  const lately = past.length > 1
  const head = [['', 'mark'], ['Expectation'], ['Seen'], ...(lately ? [['Lately']] : [])],
    of = (status) => run[5].filter((one) => one[1] === status).length
  const rows = [...columns]
    .sort(([a], [b]) => (a !== '') - (b !== ''))
    .flatMap(([column, own]) => [
      el(
        'tr',
        { className: 'group' },
        el('th', { scope: 'rowgroup', colSpan: head.length, textContent: column || 'The whole table' }),
      ),
      ...own.map((one) =>
        row(head, [
          markOf(one),
          el('span', { title: parsed[one[0]].type }, words(parsed[one[0]].type), ...limits(parsed[one[0]].rest)),
          seen(one),
          ...(lately ? [strip(byPlace.map((statuses) => (statuses.has(one[0]) ? statuses.get(one[0]) : null)))] : []),
        ]),
      ),
    ])
  const silent = run[5].some((one) => one[3] > 0 && !one[5])
  return [
    crumbs(toDataset(run), toSuite(run)),
    el('h1', { tabIndex: -1, textContent: texts[run[0]] + ' against ' + texts[run[1]] }),
    facts(
      [unmet(run) ? '✗ not met' : '✓ met', (run[6] ? run[6] + ', run ' : '') + when(run[2]) + ' UTC', unmet(run) ? 'bad' : 'ok'],
      [number(run[5].length - unmet(run)) + ' of ' + number(run[5].length), 'expectations met'],
      [run[3] + '', 'score'],
      ...(run[4] === null ? [] : [[took(run[4]), 'took']]),
    ),
    el(
      'div',
      { className: 'pages' },
      at + 1 < group.length ? toRun(group[at + 1], '← ' + named(group[at + 1])) : '',
      at > 0 ? toRun(group[at - 1], named(group[at - 1]) + ' →') : '',
    ),
    filter([
      ['all', 'All', run[5].length],
      ['unmet', 'Not met', of(UNMET)],
      ['met', 'Met', of(MET)],
      ...(of(ERROR) ? [['error', 'Errors', of(ERROR)]] : []),
    ]),
    shown.length ? table(head, rows) : nothing(run[5].length ? 'Nothing is found.' : 'The suite has no expectations.'),
    silent
      ? el('p', {
          className: 'soft',
          textContent: 'Values of rows are not kept in the history: “millrace validate … --docs page.html” shows them.',
        })
      : '',
  ]
}
function suite(name, wanted) {
  const own = latest.filter((run) => texts[run[1]] === name)
  if (own.length === 0)
    return [crumbs(), el('h1', { tabIndex: -1, textContent: name }), nothing('No validation by this suite is here.')]
  const head = [['Dataset'], ['Latest', 'mark'], ['Score', 'number'], ['Scores'], ['Last']],
    stated = [['Column'], ['Expectation'], ['Severity'], ['Latest', 'mark']]
  const worst = new Map()
  for (const run of own)
    for (const [place, status] of run[5])
      worst.set(place, worst.has(place) && worst.get(place) !== MET ? worst.get(place) : status)
  const shown = [...worst].filter(
    ([place, status]) =>
      (chosen === 'all' || (chosen === 'met') === (status === MET)) &&
      (wanted === '' || parsed[place].text.includes(wanted)),
  )
  const bad = [...worst.values()].filter((status) => status !== MET).length
  return [
    crumbs(),
    el('h1', { tabIndex: -1, textContent: 'Suite ' + name }),
    table(
      head,
      own.map((run) =>
        row(head, [
          toDataset(run),
          mark(run),
          run[3] + '',
          scoresOf(run),
          toRun(run),
        ]),
      ),
    ),
    el('h2', { textContent: 'Expectations' }),
    filter([
      ['all', 'All', worst.size],
      ['unmet', 'Not met', bad],
      ['met', 'Met', worst.size - bad],
    ]),
    ...(shown.length
      ? paged(shown, (some) =>
          table(
            stated,
            some.map(([place, status]) =>
              row(stated, [
                parsed[place].column,
                el('span', { title: parsed[place].type }, words(parsed[place].type), ...limits(parsed[place].rest)),
                parsed[place].severity,
                markOf([place, status]),
              ]),
            ),
          ),
        )
      : [nothing('Nothing is found.')]),
  ]
}
/** Draws what the address says; a button that was pressed keeps the focus. */
function route(pressed) {
  const asked = new URLSearchParams(location.hash.slice(1)),
    name = asked.get('dataset'),
    by = asked.get('suite'),
    at = asked.get('at'),
    wanted = find.value.trim().toLowerCase()
  const run =
    at === null ? undefined : runs.find((one) => one[2] === at && texts[one[0]] === name && texts[one[1]] === by)
  const says = run
    ? 'Find an expectation'
    : name !== null
      ? 'Find a suite or a day'
      : by !== null
        ? 'Find an expectation'
        : 'Find a dataset, a suite or a column'
  find.placeholder = says
  find.setAttribute('aria-label', says)
  const drawn = run
    ? validation(run, wanted)
    : name !== null
      ? dataset(name, wanted)
      : by !== null
        ? suite(by, wanted)
        : overview(wanted)
  main.replaceChildren(...drawn.filter((one) => one !== ''))
  document.title = name !== null || by !== null ? main.querySelector('h1').textContent + ' · ' + title : title
  if (typeof pressed === 'string') (main.querySelector('[aria-pressed=true]') || main.querySelector('h1')).focus()
}
addEventListener('hashchange', () => {
  chosen = 'all'
  from = 0
  find.value = ''
  route()
  main.querySelector('h1').focus()
  scrollTo(0, 0)
})
find.addEventListener('input', () => {
  from = 0
  route()
})
route()`

/** The script of the page of data docs. */
export const DATA_DOCS_SCRIPT = `${DATA_DOCS_ELEMENTS}\n${VIEWS}`
