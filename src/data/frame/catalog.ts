import { formatType, MillraceError } from '../../base/kernel/index.ts'
import type { Plan } from './plan.ts'
import { dropGlobalTempView, dropTempView, listViews, putView, viewNamed } from './temp-views.ts'
import { table } from './views.ts'

/** A column as `catalog.listColumns` tells it. */
export interface CatalogColumn {
  readonly name: string
  readonly dataType: string
  readonly nullable: boolean
}

/** Temporary views and tables by their names: what PySpark's `spark.catalog` offers for them. */
export const catalog = {
  dropTempView,
  dropGlobalTempView,
  /** The temporary views that there are, those of all sessions with their database. */
  listViews: (): readonly { readonly name: string; readonly database?: string; readonly isTemporary: true }[] =>
    listViews(),
  /** Whether there is a temporary view, a dataset or a table of the name. */
  async tableExists(name: string): Promise<boolean> {
    if (viewNamed(name)) return true
    try {
      await table(name).schema()
      return true
    } catch (thrown) {
      if (thrown instanceof MillraceError && MISSING.has(thrown.code)) return false
      throw thrown
    }
  },
  async listColumns(name: string): Promise<CatalogColumn[]> {
    const { fields } = await table(name).schema()
    return fields.map((field) => ({ name: field.name, dataType: formatType(field.type), nullable: field.nullable }))
  },
  /** The rows of a temporary view are kept once they are computed. */
  cacheTable(name: string): void {
    const plan = known(name)
    if (plan.op !== 'cache') putView(name, { op: 'cache', input: plan }, true)
  },
  isCached: (name: string): boolean => known(name).op === 'cache',
  /** Forgets the rows of a temporary view. */
  async uncacheTable(name: string): Promise<void> {
    const plan = known(name)
    if (plan.op !== 'cache') return
    putView(name, plan.input, true)
    const { forget } = await import('./ready-plan.ts')
    await forget(plan)
  },
  /** Forgets all rows that are kept in the session. */
  async clearCache(): Promise<void> {
    const { forgetAll } = await import('./ready-plan.ts')
    await forgetAll()
  },
} as const

const MISSING = new Set(['DATASET_UNKNOWN', 'TABLE_NOT_FOUND', 'ENGINE_SQL', 'DATASET_NAME_INVALID'])

function known(name: string): Plan {
  const plan = viewNamed(name)
  if (plan) return plan
  throw new MillraceError('FRAME_PLAN_INVALID', `there is no temporary view "${name}"`, {
    hint: `There are: ${
      listViews()
        .map((view) => view.name)
        .join(', ') || 'none'
    }.`,
  })
}
