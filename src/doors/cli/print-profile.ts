import { type ColumnProfile, type Profile, shortened } from '../../work/quality/index.ts'
import { printable } from './printable.ts'
import { type Terminal, table } from './terminal.ts'

const BARS = ' ▁▂▃▄▅▆▇█'

/** Prints a profile: a table of the columns, then what of each deserves a look. */
export function printProfile(terminal: Terminal, profile: Profile): void {
  const rows = profile.columns.map((column) => [
    column.name,
    column.type,
    share(column.missing, profile.rows),
    column.distinct === undefined ? '' : `${profile.estimated && !column.unique ? '~' : ''}${count(column.distinct)}`,
    text(column.min),
    text(column.quantiles?.[2] ?? ''),
    text(column.max),
    column.histogram ? bars(column.histogram.map((bin) => bin.count)) : common(column),
  ])
  terminal.line(
    table(terminal, ['Column', 'Type', 'Missing', 'Distinct', 'Min', 'Median', 'Max', 'Values'], rows, {
      readable: 10,
    }),
  )
  terminal.line()
  terminal.line(
    printable(`${profile.dataset}: ${counted(profile.rows, 'row')}, ${counted(profile.columns.length, 'column')}.`),
  )
  if (profile.keys.length > 0) terminal.line(printable(`Candidate keys: ${profile.keys.join(', ')}.`))
  for (const column of profile.columns) {
    const name = printable(column.name)
    if (column.personal) {
      const by = column.personal.by === 'name' ? 'by its name' : 'by its values'
      terminal.line(`${terminal.style('yellow', 'Personal data?')} ${name}: ${column.personal.kind}, ${by}.`)
    }
    if (column.untrimmed) terminal.line(`${name}: ${counted(column.untrimmed, 'value')} with blanks around.`)
    if (column.empty) terminal.line(`${name}: ${counted(column.empty, 'value')} of empty text.`)
    if (column.notFinite) terminal.line(`${name}: ${counted(column.notFinite, 'value')} that are NaN or infinite.`)
  }
}

function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function share(part: number, of: number): string {
  if (part === 0 || of === 0) return '0 %'
  const percent = (part / of) * 100
  return percent < 0.01 ? '< 0.01 %' : `${percent.toFixed(percent < 1 ? 2 : 1)} %`
}

function bars(counts: readonly number[]): string {
  const most = Math.max(...counts, 1)
  // What is there at all is seen.
  return counts.map((one) => BARS[one === 0 ? 0 : Math.max(1, Math.round((one / most) * 8))]).join('')
}

function common({ frequent, patterns }: ColumnProfile): string {
  const of = frequent?.slice(0, 3).map(({ value, count: rows }) => `${text(value)} (${count(rows)})`)
  return (of ?? patterns?.slice(0, 2).map(({ pattern }) => pattern) ?? []).join(', ')
}

function text(value: unknown): string {
  const of = typeof value === 'number' ? shortNumber(value) : String(value ?? '') // biome-ignore format: one line
  return shortened(of, 24)
}

/** A number with six digits that count. */
function shortNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
}
