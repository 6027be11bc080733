import type { Materialization } from './materialization.ts'
import { replace } from './table.ts'

/** Replaces a view; a table of that name is dropped in the same transaction. */
export const viewMaterialization: Materialization = {
  name: 'view',
  run: (input) => replace(input, () => input.dialect.buildView(input)),
}
