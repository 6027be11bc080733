import { failpoint } from '../../../base/kernel/index.ts'
import { listed } from '../read/config-tree.ts'
import type { Materialization } from './materialization.ts'
import { perform } from './statements.ts'
import { replace } from './table.ts'

/** Replaces a view; a table of that name is dropped in the same transaction. */
export const viewMaterialization: Materialization = {
  name: 'view',
  async run(input) {
    const hooks = (['pre-hook', 'post-hook'] as const).some((when) => listed(input.node.config[when]).length > 0)
    const sole = hooks ? undefined : input.dialect.soleView?.(input)
    if (!sole) return replace(input, () => input.dialect.buildView(input))
    failpoint('model.before-commit')
    await perform(input, sole)
    failpoint('model.after-commit')
    return { message: 'OK' }
  },
}
