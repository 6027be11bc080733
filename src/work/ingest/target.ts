import type { Schema } from '../../base/kernel/index.ts'
import type { DeltaTable } from '../../data/table/index.ts'

/** Where tables are loaded to. */
export interface IngestTarget {
  /** The table of a dataset, or undefined when there is none yet. */
  open(dataset: string): Promise<DeltaTable | undefined>
  create(
    dataset: string,
    options: { readonly schema: Schema; readonly partitionBy: readonly string[] },
  ): Promise<DeltaTable>
  /** Called after a commit, so that the dataset's view shows the new rows. */
  published?(dataset: string): Promise<void>
}
