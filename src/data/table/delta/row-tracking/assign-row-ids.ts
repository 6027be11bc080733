import { MillraceError } from '../../../../base/kernel/index.ts'
import type { AddFile, DomainMetadata } from '../actions.ts'
import { supports } from '../schema/protocol.ts'
import type { Snapshot } from '../snapshot.ts'
import { parseStats } from '../stats.ts'

const DOMAIN = 'delta.rowTracking'

/** Files of a version whose rows have ids, and what the table remembers of the last of these. */
export interface AssignedRowIds {
  readonly add: readonly AddFile[]
  /** Files that were there before the table began to track rows, with ids. */
  readonly begun: readonly AddFile[]
  readonly domains: readonly DomainMetadata[]
}

/**
 * Gives the rows of new files ids that no row had before (Delta protocol, "Row Tracking"), of a table that tracks rows;
 * files that were in the table before, marked anew or restored, keep theirs.
 * @param snapshot the version before; undefined for a new table
 * @throws MillraceError DELTA_FEATURE_UNSUPPORTED for a file that does not say how many rows it holds
 */
export function assignRowIds(
  snapshot: Pick<Snapshot, 'protocol' | 'domains' | 'files'> | undefined,
  becomes: Pick<Snapshot, 'protocol'>,
  {
    add,
    remove,
    version,
  }: { readonly add: readonly AddFile[]; readonly remove: readonly AddFile[]; readonly version: number },
): AssignedRowIds {
  if (!supports(becomes.protocol, 'rowTracking')) return { add, begun: [], domains: [] }
  const isNew = !snapshot || !supports(snapshot.protocol, 'rowTracking')
  const gone = new Set(remove.map(({ path }) => path))
  const there = isNew ? (snapshot?.files ?? []).filter(({ path }) => !gone.has(path)) : []
  const before = snapshot ? highWaterMark(snapshot) : -1
  let mark = add.reduce(
    (most, file) => (file.baseRowId === undefined ? most : Math.max(most, file.baseRowId + rowsOf(file) - 1)),
    before,
  )
  const assign = (file: AddFile): AddFile => {
    if (file.baseRowId !== undefined) return file
    const baseRowId = mark + 1
    mark += rowsOf(file)
    return { ...file, baseRowId, defaultRowCommitVersion: version }
  }
  const [added, begun] = [add.map(assign), there.filter(({ baseRowId }) => baseRowId === undefined).map(assign)]
  if (mark === before) return { add: added, begun, domains: [] }
  const configuration = JSON.stringify({ rowIdHighWaterMark: mark })
  return { add: added, begun, domains: [{ domain: DOMAIN, configuration, removed: false }] }
}

/** The largest id that any row ever had; -1 before the first. */
function highWaterMark({ domains }: Pick<Snapshot, 'domains'>): number {
  const domain = domains.get(DOMAIN)
  if (!domain) return -1
  try {
    const { rowIdHighWaterMark: mark } = JSON.parse(domain.configuration) as { rowIdHighWaterMark?: unknown }
    if (typeof mark === 'number' && Number.isSafeInteger(mark)) return mark
  } catch {
    // Told below.
  }
  throw new MillraceError('DELTA_LOG_CORRUPT', `writing to a Delta table whose domain ${DOMAIN} names no last row id`)
}

function rowsOf({ path, stats }: AddFile): number {
  const rows = parseStats(stats, { fields: [] })?.rows
  if (rows !== undefined && Number.isSafeInteger(rows)) return rows
  throw new MillraceError(
    'DELTA_FEATURE_UNSUPPORTED',
    `giving ids to the rows of ${path}, which does not say how many it holds (rowTracking)`,
    { data: { features: ['rowTracking'] }, hint: 'Rewrite the file, such as by optimize, before rows are tracked.' },
  )
}
