import { failpoint } from '../../../base/kernel/index.ts'
import type { Built } from '../dialect/index.ts'
import type { Materialization, MaterializationInput, MaterializationResult } from './materialization.ts'
import { transact } from './transact.ts'

/** Builds a table beside the old one and swaps them in one transaction. */
export const tableMaterialization: Materialization = {
  name: 'table',
  run: (input) => replace(input, () => input.dialect.buildTable(input)),
}

/** Builds a relation in the node's transaction, between its hooks. */
export async function replace(
  input: MaterializationInput,
  build: () => Promise<Built>,
): Promise<MaterializationResult> {
  await input.hooks('pre', 'around')
  let built: Built | undefined
  await transact(input, async () => {
    await input.hooks('pre', 'inside')
    built = await build()
    await input.hooks('post', 'inside')
    await built.settle()
    failpoint('model.before-commit')
  })
  failpoint('model.after-commit')
  await input.hooks('post', 'around')
  return { message: built?.message ?? 'OK', ...(built?.rows === undefined ? {} : { rows: built.rows }) }
}
