import { MillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { ModelDialect } from '../dialect/index.ts'

/**
 * The connection of `--no-introspect`: compiling goes on as if there were a database, and stops at the first template
 * that asks it.
 */
export function withoutDatabase({ adapter }: ModelDialect, database: string): EngineConnection {
  const refuse = async (): Promise<never> => {
    throw new MillraceError('MODEL_INVALID', 'a template asks the database, which --no-introspect forbids', {
      hint: 'Leave --no-introspect out, or put the question behind {% if flags.INTROSPECT %}.',
    })
  }
  const engine = { dialect: adapter, database } as EngineConnection['engine']
  return {
    engine,
    query: refuse,
    rows: refuse,
    execute: refuse,
    script: refuse,
    describe: refuse,
    transaction: (work) => work(),
    toArrow: refuse,
    [Symbol.asyncDispose]: async () => undefined,
  }
}
