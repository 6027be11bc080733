import { MillraceError } from '../../base/kernel/index.ts'
import type { Catalog } from '../../data/catalog/index.ts'
import type { IngestTarget } from './target.ts'

/** The Delta tables of a catalog as the place that tables are loaded to; views are moved after each commit. */
export function catalogTarget(catalog: Catalog): IngestTarget {
  return {
    async open(dataset) {
      try {
        return await catalog.deltaTable(dataset)
      } catch (thrown) {
        if (thrown instanceof MillraceError && thrown.code === 'TABLE_NOT_FOUND') return undefined
        throw thrown
      }
    },
    create: (dataset, options) => catalog.ensureDeltaTable(dataset, options),
    published: (dataset) => catalog.publish([dataset]),
  }
}
