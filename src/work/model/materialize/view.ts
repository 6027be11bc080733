import { failpoint } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import type { Materialization } from './materialization.ts'
import { body, dropOf, perform } from './statements.ts'

/** Replaces a view; a table of that name is dropped in the same transaction. */
export const viewMaterialization: Materialization = {
  name: 'view',
  async run(input) {
    await input.hooks('pre', 'around')
    await input.connection.transaction(async () => {
      await input.hooks('pre', 'inside')
      if (input.existing && !input.existing.is_view) await perform(input, dropOf(input.existing))
      await perform(input, sql`create or replace view ${input.target.sql()} as (${body(input.sql)})`)
      await input.hooks('post', 'inside')
      failpoint('model.before-commit')
    })
    failpoint('model.after-commit')
    await input.hooks('post', 'around')
    return { message: 'OK' }
  },
}
