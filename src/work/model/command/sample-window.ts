import { MillraceError } from '../../../base/kernel/index.ts'
import { parseYaml } from '../../../base/project/index.ts'
import { BATCH_SIZES, type Batch } from '../materialize/plan-batches.ts'
import { isTree } from '../read/config-tree.ts'

/**
 * The window of event time that `--sample` names: `3 days` up to now, or `{start: …, end: …}`, in UTC.
 * @throws MillraceError OPTION_INVALID
 */
export function sampleWindow(written: string, now: Date): Batch {
  return written.trimStart().startsWith('{') ? between(written) : backFrom(written, now)
}

function between(written: string): Batch {
  const data: unknown = parseYaml(written, '--sample', 'OPTION_INVALID', 'python').data
  const moment = (key: 'start' | 'end'): Date => {
    const text = String((isTree(data) ? data[key] : undefined) ?? '')
    // As in dbt the zone is left aside: moments are in UTC.
    const found = new Date(
      `${text
        .trim()
        .replace(' ', 'T')
        .replace(/(Z|[+-]\d{2}:?\d{2})$/, '')}${/[T ]\d/.test(text.trim()) ? 'Z' : ''}`,
    )
    if (!Number.isNaN(found.getTime())) return found
    throw invalid(`its ${key} "${text}" is no time`)
  }
  return { start: moment('start'), end: moment('end') }
}

function backFrom(written: string, end: Date): Batch {
  const [, count = '', grain = ''] = /^(-?\d+) (\w+)$/.exec(written.trim()) ?? []
  const size = BATCH_SIZES.find((one) => one === grain.toLowerCase().replace(/s+$/, ''))
  if (count === '' || size === undefined) {
    throw invalid(`"${written}" is no window`)
  }
  const start = new Date(end)
  const back = Number(count)
  if (size === 'hour') start.setUTCHours(end.getUTCHours() - back)
  else if (size === 'day') start.setUTCDate(end.getUTCDate() - back)
  else {
    const months = size === 'month' ? back : back * 12
    start.setUTCDate(1)
    start.setUTCMonth(end.getUTCMonth() - months)
    const last = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate()
    start.setUTCDate(Math.min(end.getUTCDate(), last))
  }
  return { start, end }
}

function invalid(what: string): MillraceError {
  return new MillraceError('OPTION_INVALID', `--sample: ${what}`, {
    hint: `Write it as --sample '3 days' (${BATCH_SIZES.map((one) => `${one}s`).join(', ')}), or as --sample "{start: '2024-01-01', end: '2024-02-01'}".`,
  })
}
