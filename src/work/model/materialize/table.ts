import { failpoint } from '../../../base/kernel/index.ts'
import { id, sql } from '../../../base/sql/index.ts'
import type { Materialization, MaterializationInput } from './materialization.ts'
import { body, dropOf, perform } from './statements.ts'

/** Builds a table beside the old one and swaps them in one transaction. */
export const tableMaterialization: Materialization = {
  name: 'table',
  async run(input) {
    await input.hooks('pre', 'around')
    await input.connection.transaction(async () => {
      await input.hooks('pre', 'inside')
      await rebuild(input)
      await input.hooks('post', 'inside')
      failpoint('model.before-commit')
    })
    failpoint('model.after-commit')
    await input.hooks('post', 'around')
    return { message: 'OK' }
  },
}

/** Creates `<name>__dbt_tmp` from the compiled SQL and puts it in the place of the target. Runs inside a transaction. */
export async function rebuild(input: MaterializationInput): Promise<void> {
  const next = input.target.named(`${input.target.identifier}__dbt_tmp`, 'table')
  await perform(input, dropOf(next))
  await perform(input, sql`create table ${next.sql()} as (${body(input.sql)})`)
  await swap(input, next.identifier)
}

/** Puts the table `name` in the place of the target. Runs inside a transaction. */
export async function swap(input: MaterializationInput, name: string): Promise<void> {
  if (input.existing) await perform(input, dropOf(input.existing))
  const { target } = input
  await perform(input, sql`alter table ${target.named(name).sql()} rename to ${id(target.identifier)}`)
}
